import { describe, expect, it } from 'vitest'
import { IdentityError } from '../../identity/identity.js'
import { PolicyError } from '../../policy/policy-error.js'
import { re2 } from '../../policy/regex.js'
import { memoryStore } from '../../store/memory/memory.js'
import { watchedStore } from '../../store/watched-store.fixture.js'
import type { Deny } from '../../verdict.js'
import type { AsgiConfig } from './config.js'
import { scene } from './guard.fixture.js'
import type { AsgiGuardOptions } from './guard.js'
import { asgiGuard } from './guard.js'

const TOWNS: AsgiConfig = { '^/towns': [{ second: 1 }] }
const SECOND = 1_000_000

describe('asgiGuard', () => {
  it('asks nobody who is not identified again: 401, unless anonymous is address', async () => {
    const verdict = await scene(TOWNS).ask('GET /towns', '')
    expect(verdict).toMatchObject({ kind: 'unidentified', error: expect.any(IdentityError) })
    expect((await scene(TOWNS, { anonymous: 'address' }).ask('GET /towns', '')).kind).toBe('allow')
  })

  it('tells how long is left of the window, not how long a window is', async () => {
    const { ask, clock } = scene({ '^/towns': [{ minute: 1 }] })
    await ask('GET /towns')
    clock.advance('45s')
    expect(((await ask('GET /towns')) as Deny).decisive.decision).toMatchObject({ retryAfter: 15 * SECOND })
  })

  it('tells how long is left of a block', async () => {
    const { ask, clock } = scene({ '^/towns': [{ second: 1, block_time: 60 }] })
    await ask('GET /towns')
    expect(((await ask('GET /towns')) as Deny).decisive.decision).toMatchObject({ retryAfter: 60 * SECOND })
    clock.advance('20s')
    const later = (await ask('GET /towns/oslo')) as Deny
    expect(later.decisive.decision).toMatchObject({ kind: 'blocked', retryAfter: 40 * SECOND })
  })

  it('starts no block by what is asked during one, on paths whose windows have no room either', async () => {
    const { ask, passes, clock } = scene({
      '^/towns': [{ minute: 1, block_time: 90 }],
      '^/lakes': [{ second: 1, block_time: 5 }],
    })
    expect(await passes(['GET /towns', 'GET /lakes', 'GET /lakes'])).toEqual([true, true, false])
    const during = (await ask('GET /towns')) as Deny
    expect(during.decisive.decision).toMatchObject({ kind: 'denied', retryAfter: 60 * SECOND })
    clock.advance('5s')
    expect(await passes(['GET /lakes'])).toEqual([true])
    clock.advance('55s')
    expect(await passes(['GET /towns'])).toEqual([true])
  })

  it('under blocks: zone, blocks the counts of the broken rule alone, in all of their windows', async () => {
    const { passes } = scene(
      {
        '^/towns': [{ second: 1, zone: 'z', block_time: 60 }],
        '^/lakes': [{ minute: 5, zone: 'z' }],
        '^/forests': [{ minute: 5 }],
      },
      { blocks: 'zone' },
    )
    expect(await passes(['GET /towns', 'GET /towns', 'GET /lakes', 'GET /forests'])).toEqual([true, false, false, true])
  })

  it('blocks also while the store is away that was told of it', async () => {
    const store = watchedStore(memoryStore())
    const { passes } = scene({ '^/towns': [{ minute: 1, block_time: 60 }], '^/lakes': [{ minute: 5 }] }, { store })
    expect(await passes(['GET /towns', 'GET /towns'])).toEqual([true, false])
    store.fail(new Error('away'))
    expect(await passes(['GET /lakes'])).toEqual([false])
    expect(await passes(['GET /lakes'], 'bob')).toEqual([true])
  })

  it('limits all spellings alike under strictPaths: false', async () => {
    const { passes } = scene(TOWNS, { strictPaths: false })
    expect(await passes(['GET /towns', 'GET /TOWNS/'])).toEqual([true, false])
  })

  it('exempts what the application says, besides', async () => {
    const { passes } = scene(TOWNS, { exempt: ({ method }) => method === 'POST' })
    expect(await passes(['GET /towns', 'POST /towns', 'GET /towns'])).toEqual([true, true, false])
  })

  it('counts a CORS preflight only where a rule names options', async () => {
    const preflight = async (config: AsgiConfig) => {
      const { guard } = scene(config, { anonymous: 'address' })
      const headers: Readonly<Record<string, string>> = { 'access-control-request-method': 'GET' }
      const ask = () => guard.decide({ method: 'OPTIONS', target: '/towns', header: (name) => headers[name] })
      return [(await ask()).kind, (await ask()).kind]
    }
    expect(await preflight(TOWNS)).toEqual(['allow', 'allow'])
    expect(await preflight({ '^/towns': [{ second: 1, method: 'options' }] })).toEqual(['allow', 'deny'])
  })

  it.each([
    ['nobody to ask', { identity: undefined }, 'asgiGuard: identity: expected a list of sources'],
    ['an exemption that is no function', { exempt: '/health' }, 'asgiGuard: exempt: expected a function'],
    ['a reach that is none', { blocks: 'path' }, 'asgiGuard: blocks: expected "everywhere" or "zone", not "path"'],
  ])('refuses %s', (_, wrong, message) => {
    const options = { store: memoryStore(), identity: [], regex: re2, ...wrong }
    expect(() => asgiGuard({}, options as unknown as AsgiGuardOptions)).toThrow(message)
  })

  it('is as good without a single limit', async () => {
    expect(await scene({ '^/towns': [{}] }).passes(['GET /towns', 'GET /lakes'])).toEqual([true, true])
  })
})

describe('a faulty configuration', () => {
  it.each([
    [[], 'config: must be an object of patterns, not a list'],
    [{ '^/towns': [] }, 'config["^/towns"]: is an empty list: it must have at least one item'],
    [{ '^/towns': [{ second: 0 }] }, 'config["^/towns"][0].second: must be at least 1, not 0'],
    [{ '^/towns': [{ minutes: 1 }] }, 'config["^/towns"][0].minutes: unknown key, did you mean `minute`?'],
    [
      { '^/towns': [{ second: '1' }] },
      'config["^/towns"][0].second: must be a whole number, not text: drop the quotes',
    ],
    [
      { '^/towns': [{ method: 'g t' }] },
      'config["^/towns"][0].method: is not a method: write one such as "get", or "*"',
    ],
    [{ '^/towns(?!/oslo)': [{}] }, /^config\["\^\/towns\(\?!\/oslo\)"\]: .* looks ahead/],
    [{ towns: [{}] }, /^config.towns: .* can never match/],
  ])('%j is refused with its place', (config, message) => {
    const read = () => asgiGuard(config, { store: memoryStore(), identity: [], regex: re2 })
    expect(read).toThrow(PolicyError)
    expect(read).toThrow(message)
  })
})

it('refuses a misspelt reach of blocks, which would be the narrower one', () => {
  const make = () => asgiGuard(TOWNS, { store: memoryStore(), identity: [], regex: re2, blocks: 'everyhwere' as never })
  expect(make).toThrow(new RangeError('asgiGuard: blocks: expected "everywhere" or "zone", not "everyhwere"'))
})
