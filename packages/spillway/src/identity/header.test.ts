import { describe, expect, it } from 'vitest'
import { hashCredential } from './hash.js'
import type { HeaderOptions } from './header.js'
import { header } from './header.js'
import { request } from './request.fixture.js'

const known = header({ name: 'X-API-Key', groups: { 'k-123': 'admin', 'k-9, k-10': 'odd' } })
const verified = header({ name: 'x-user', verified: true, groups: { root: 'admin' } })
const withKey = (value: string) => request('192.0.2.1', { 'x-api-key': value, 'x-user': value })

describe('a header with known keys', () => {
  it('identifies a key by its hash, in its group', () => {
    expect(known(withKey('k-123'))).toEqual({ kind: 'key', user: hashCredential('k-123'), group: 'admin' })
  })

  it.each([
    '',
    'k-124',
    'K-123',
    ' k-123',
    'k-123 ',
    'k-12',
    'k-123, k-123',
    '__proto__',
    'constructor',
    'x'.repeat(1_000_000),
  ])('finds nobody for the unknown key %.20j', (key) => {
    expect(known(withKey(key))).toBeUndefined()
  })

  it('finds nobody where the header is not there', () => {
    expect(known(request('192.0.2.1'))).toBeUndefined()
  })

  it('takes repeated lines for a key only where just that is listed', () => {
    expect(known(withKey('k-9, k-10'))).toMatchObject({ group: 'odd' })
  })

  it('takes the keys as a map, too', () => {
    const source = header({ name: 'x-api-key', groups: new Map([['__proto__', 'gold']]) })
    expect(source(withKey('__proto__'))).toMatchObject({ group: 'gold' })
  })

  it('finds nobody where the list is empty', () => {
    expect(header({ name: 'x-api-key', groups: {} })(withKey('k-123'))).toBeUndefined()
  })

  it('never shows the key itself', () => {
    expect(JSON.stringify(known(withKey('k-123')))).not.toContain('k-123')
  })
})

describe('a verified header', () => {
  it('identifies any value by its hash, in the default group unless the value is listed', () => {
    expect(verified(withKey('alice'))).toEqual({ kind: 'key', user: hashCredential('alice'), group: 'default' })
    expect(verified(withKey('root'))).toEqual({ kind: 'key', user: hashCredential('root'), group: 'admin' })
  })

  it('takes values of up to 1,024 characters and never cuts one', () => {
    expect(verified(withKey('x'.repeat(1_024)))).toBeDefined()
    expect(verified(withKey('x'.repeat(1_025)))).toBeUndefined()
  })

  it('finds nobody in an empty value, or in lines that a client may have added to', () => {
    expect(verified(withKey(''))).toBeUndefined()
    expect(verified(withKey('alice, bob'))).toBeUndefined()
  })

  it('gives the same answers after more values than it remembers', () => {
    for (let index = 0; index < 5_000; index++) verified(withKey(`user-${index}`))
    expect(verified(withKey('user-1'))).toEqual({ kind: 'key', user: hashCredential('user-1'), group: 'default' })
  })
})

describe('wrong options', () => {
  it.each([
    [{ name: 'x-api-key' }, 'x-api-key is checked by nothing'],
    [{ name: 'x api key', verified: true }, 'header: name'],
    [{ verified: true }, 'header: name'],
    [{ name: 'x-api-key', groups: { 'k-1': 7 } }, 'header: a group in groups'],
    [{ name: 'x-api-key', groups: { '': 'admin' } }, 'header: a key in groups'],
    [
      { name: 'x-api-key', groups: ['k-secret'] },
      'header: groups: expected an object or a Map of keys and their groups',
    ],
    [{ name: 'x-api-key', groups: 'k-secret' }, 'header: groups: expected an object or a Map of keys and their groups'],
    [{ name: 'x-api-key', groups: null }, 'header: groups: expected an object or a Map of keys and their groups'],
    [{ name: 'x-api-key', verified: 'yes' }, 'header: verified'],
    [{ name: 'x-api-key', keys: ['k-1'] }, '"keys"'],
  ])('%j is refused by name', (options, words) => {
    expect(() => header(options as unknown as HeaderOptions)).toThrow(words)
  })

  it.each([{ 'k-secret': 7 }, ['k-secret'], 'k-secret'])('shows no key in the message: %j', (groups) => {
    const options = { name: 'x-api-key', groups }
    expect(() => header(options as unknown as HeaderOptions)).toThrow(/^(?!.*k-secret)/)
  })
})
