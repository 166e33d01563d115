import { describe, expect, it } from 'vitest'
import { keys, kinds, made, towns } from '../../test/guards.js'
import { request } from '../../test/verdicts.js'
import { clientIp } from '../identity/client-ip.js'
import type { IdentitySource } from '../identity/identity.js'
import { IdentityError } from '../identity/identity.js'

describe('identity', () => {
  const rules = [towns]

  it('is of the first source that finds someone', () => {
    const { guard } = made({ rules }, { identity: [keys, clientIp()] })
    expect(guard.decide(request('GET', '/', { 'x-api-key': 'k-1' }))).toMatchObject({ identity: { kind: 'key' } })
    expect(guard.decide(request('GET', '/', { 'x-api-key': 'k-9' }))).toMatchObject({ identity: { kind: 'ip' } })
  })

  it('makes a promise of the verdict only where a source gives one', async () => {
    const later: IdentitySource = async () => ({ kind: 'user', user: 'alice', group: 'default' })
    const nobody: IdentitySource = async () => undefined
    const { guard } = made({ rules }, { identity: [nobody, later] })
    const verdict = guard.decide(request())
    expect(verdict).toBeInstanceOf(Promise)
    expect(await verdict).toMatchObject({ kind: 'allow', identity: { user: 'alice' } })
    const { guard: sync } = made({ rules }, { identity: [keys, later] })
    expect(sync.decide(request('GET', '/', { 'x-api-key': 'k-1' }))).not.toBeInstanceOf(Promise)
  })

  it.each(['throws', 'rejects'])('refuses a request whose source %s an IdentityError', async (how) => {
    const error = new IdentityError('ERR_SPILLWAY_INVALID_TOKEN', 'expired')
    const source: IdentitySource = () => {
      if (how === 'rejects') return Promise.reject(error)
      throw error
    }
    const { guard } = made({ rules }, { identity: [source] })
    expect(await guard.decide(request())).toEqual({ kind: 'unidentified', error })
  })

  it('throws on what a source throws by accident', () => {
    const source: IdentitySource = () => {
      throw new TypeError('oops')
    }
    expect(() => made({ rules }, { identity: [source] }).guard.decide(request())).toThrow('oops')
  })

  it('is nobody under `anonymous: deny` where no source finds anyone', () => {
    const { guard } = made({ rules, anonymous: 'deny' }, { identity: [keys] })
    expect(guard.decide(request())).toMatchObject({ kind: 'unidentified', error: { code: 'ERR_SPILLWAY_ANONYMOUS' } })
  })

  it('is the address of the connection otherwise, in one spelling, and one pool where there is none', () => {
    const { guard } = made({ rules })
    const from = (address: string) => request('GET', '/towns', {}, address)
    expect(kinds(guard, from('192.0.2.1'), from('::ffff:192.0.2.1'))).toEqual(['allow', 'deny'])
    expect(kinds(guard, from('2001:db8::1'), from('2001:db8::2'))).toEqual(['allow', 'deny'])
    const unknown = { ...request(), address: undefined }
    expect(kinds(guard, unknown, unknown)).toEqual(['allow', 'deny'])
    expect(guard.decide(unknown)).toMatchObject({ identity: { kind: 'ip', user: 'unknown' } })
  })

  it('does not keep a rule from counting by the address that clientIp finds behind a trusted proxy', () => {
    const identity = [keys, clientIp({ trustedProxies: ['192.0.2.1'] })]
    const { guard } = made({ rules: [{ ...towns, partition: 'ip' }] }, { identity })
    const from = (client: string, key: string) =>
      request('GET', '/towns', { 'x-forwarded-for': client, 'x-api-key': key })
    expect(kinds(guard, from('198.51.100.1', 'k-1'), from('198.51.100.1', 'k-2'), from('198.51.100.2', 'k-1'))).toEqual(
      ['allow', 'deny', 'allow'],
    )
  })
})
