import { describe, expect, it } from 'vitest'
import { request } from '../test/verdicts.js'
import { StoreError } from './core/decision.js'
import { MINUTE, SECOND } from './core/units.js'
import type { InlineGuardOptions } from './guard.js'
import { createGuard } from './guard.js'
import { clientIp } from './identity/client-ip.js'
import { header } from './identity/header.js'
import type { IdentitySource } from './identity/identity.js'
import { IdentityError } from './identity/identity.js'
import { parsePolicy } from './policy/parse-policy.js'
import type { PolicyInput, RuleInput } from './policy/policy-input.js'
import { memoryStore } from './store/memory/memory.js'
import type { Store } from './store/store.js'
import { fakeClock } from './testing/fake-clock.js'
import type { Verdict } from './verdict.js'

const towns: RuleInput = { name: 'towns', path: '/towns', quotas: '1/minute' }

function made(policy: PolicyInput, options: Partial<InlineGuardOptions> = {}) {
  const clock = fakeClock()
  return { clock, guard: createGuard({ ...policy, store: memoryStore({ clock }), ...options }) }
}

/** The kinds of the verdicts on the same request, one after the other. */
function kinds(guard: ReturnType<typeof made>['guard'], ...requests: ReturnType<typeof request>[]): string[] {
  return requests.map((each) => (guard.decide(each) as Verdict).kind)
}

const keys = header({ name: 'x-api-key', groups: { 'k-1': 'admin', 'k-2': 'user' } })

describe('a guard', () => {
  it('answers without a promise where neither identity nor store needs one', () => {
    const { guard } = made({ rules: [towns] })
    expect(guard.decide(request())).toMatchObject({
      kind: 'allow',
      identity: { kind: 'ip', user: '192.0.2.1', group: 'default' },
      path: '/towns',
      decisions: [{ rule: { name: 'towns' }, decision: { kind: 'allowed', remaining: 0 } }],
      shadows: [],
    })
    expect(guard.decide(request())).toMatchObject({
      kind: 'deny',
      decisive: { rule: { name: 'towns' }, decision: { kind: 'denied', retryAfter: MINUTE } },
    })
  })

  it('lets pass what no rule is for', () => {
    const { guard } = made({ rules: [towns] })
    expect(guard.decide(request('GET', '/elsewhere'))).toMatchObject({ kind: 'allow', decisions: [] })
  })

  it('counts every spelling of a path as one', () => {
    const { guard } = made({ rules: [towns] })
    const spellings = [
      '/towns',
      '/TOWNS/',
      '//towns',
      '/%74owns',
      '/towns;x=1',
      '/a/../towns',
      'http://evil.example/towns?q',
    ]
    expect(kinds(guard, ...spellings.map((target) => request('GET', target)))).toEqual([
      'allow',
      ...new Array(6).fill('deny'),
    ])
  })

  it('calls an ambiguous target malformed and charges nobody', () => {
    const { guard } = made({ rules: [{ ...towns, path: '/**' }] })
    expect(guard.decide(request('GET', '/to%zzwns'))).toEqual({
      kind: 'malformed',
      reason: 'The request target has a broken percent sequence.',
    })
    expect(kinds(guard, request('GET', '/towns'))).toEqual(['allow'])
  })

  it('takes the first rule of a layer that matches path, method and group', () => {
    const rules: RuleInput[] = [
      { name: 'admins', path: '/towns', group: 'admin', quotas: 'unlimited' },
      { name: 'writes', path: '/towns', method: 'POST', quotas: '1/minute' },
      { name: 'reads', path: '/towns', quotas: '2/minute' },
    ]
    const { guard } = made({ rules }, { identity: [keys] })
    const asKey = (key: string, method = 'GET') => request(method, '/towns', { 'x-api-key': key })
    expect(kinds(guard, asKey('k-1'), asKey('k-1'), asKey('k-1'))).toEqual(['allow', 'allow', 'allow'])
    expect(kinds(guard, asKey('k-2', 'POST'), asKey('k-2', 'POST'))).toEqual(['allow', 'deny'])
    expect(kinds(guard, asKey('k-2'), asKey('k-2'), asKey('k-2'))).toEqual(['allow', 'allow', 'deny'])
  })

  it('does not count a CORS preflight unless a rule names OPTIONS', () => {
    const preflight = request('OPTIONS', '/towns', { 'access-control-request-method': 'POST' })
    const plain = made({ rules: [towns] })
    expect(kinds(plain.guard, preflight, preflight, request())).toEqual(['allow', 'allow', 'allow'])
    expect(kinds(plain.guard, request('OPTIONS', '/towns'))).toEqual(['deny'])
    const named = made({ rules: [{ ...towns, method: ['OPTIONS'] }] })
    expect(kinds(named.guard, preflight, preflight)).toEqual(['allow', 'deny'])
  })
})

describe('several layers', () => {
  const layers = [
    { name: 'client', rules: [{ name: 'each', path: '/**', quotas: '1/minute' }] },
    { name: 'whole', partition: 'everyone', rules: [{ name: 'all', path: '/**', quotas: '2/hour' }] },
  ]
  const from = (address: string) => request('GET', '/', {}, address)

  it('must all admit a request, and a denied one costs nothing in any of them', () => {
    const { guard, clock } = made({ layers })
    expect(kinds(guard, from('192.0.2.1'), from('192.0.2.1'), from('192.0.2.1'))).toEqual(['allow', 'deny', 'deny'])
    expect(kinds(guard, from('192.0.2.2'), from('192.0.2.3'))).toEqual(['allow', 'deny'])
    clock.advance('1h')
    expect(kinds(guard, from('192.0.2.3'))).toEqual(['allow'])
  })

  it('name the refusal that lasts longest as the decisive one', () => {
    const { guard } = made({ layers })
    kinds(guard, from('192.0.2.1'), from('192.0.2.2'))
    const verdict = guard.decide(from('192.0.2.2'))
    expect(verdict).toMatchObject({
      kind: 'deny',
      decisions: [{ decision: { kind: 'denied' } }, { decision: { kind: 'denied' } }],
      decisive: { rule: { name: 'all' } },
    })
  })
})

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

describe('blocks', () => {
  it('that hold everywhere refuse on unlimited rules too', () => {
    const rules: RuleInput[] = [
      { name: 'login', path: '/login', quotas: '1/minute', block: { for: '15m', everywhere: true } },
      { name: 'rest', path: '/**', quotas: 'unlimited' },
    ]
    const { guard, clock } = made({ rules })
    const rest = request('GET', '/rest')
    expect(kinds(guard, rest, request('GET', '/login'), request('GET', '/login'))).toEqual(['allow', 'allow', 'deny'])
    expect(guard.decide(rest)).toMatchObject({ kind: 'deny', decisive: { decision: { kind: 'blocked' } } })
    clock.advance('15m')
    expect(kinds(guard, rest)).toEqual(['allow'])
  })
})

describe('shadow rules', () => {
  const rules: RuleInput[] = [
    { name: 'tried', path: '/towns', quotas: '1/hour', mode: 'shadow' },
    { name: 'towns', path: '/towns', quotas: '2/minute' },
  ]

  it('decide beside the enforced ones and have no say', () => {
    const { guard } = made({ rules })
    guard.decide(request())
    expect(guard.decide(request())).toMatchObject({
      kind: 'allow',
      decisions: [{ rule: { name: 'towns' } }],
      shadows: [{ rule: { name: 'tried' }, decision: { kind: 'denied' } }],
    })
  })

  it('are not asked about a request that is refused anyway', () => {
    const { guard } = made({ rules })
    for (let i = 0; i < 2; i++) guard.decide(request())
    expect(guard.decide(request())).toMatchObject({ kind: 'deny', shadows: [] })
  })

  it.each(['throws', 'rejects'])('cannot fail a request when the store %s over them', async (how) => {
    const memory = memoryStore({ clock: fakeClock() })
    const cause = new StoreError('ERR_SPILLWAY_TEST', 'down')
    const store: Store = {
      ...memory,
      decide(charges) {
        if (!charges[0]?.zone.name.includes('shadow')) return memory.decide(charges)
        if (how === 'rejects') return Promise.reject(cause)
        throw cause
      },
    }
    const tried = { ...rules[0], onStoreFailure: 'allow' } as RuleInput
    const guard = createGuard({ rules: [tried, rules[1] as RuleInput], store })
    expect(await guard.decide(request())).toMatchObject({
      kind: 'allow',
      decisions: [{ decision: { kind: 'allowed' } }],
      shadows: [{ decision: { kind: 'unknown', cause } }],
    })
  })
})

describe('a store that fails', () => {
  const cause = new StoreError('ERR_SPILLWAY_TEST', 'down')
  const down: Store = {
    ...memoryStore(),
    decide: () => Promise.reject(cause),
  }

  it('leaves the verdict to the strictest failure policy of the rules', async () => {
    const two = (one: RuleInput['onStoreFailure'], other: RuleInput['onStoreFailure']) =>
      createGuard({
        layers: [
          { rules: [{ ...towns, name: 'one', ...(one && { onStoreFailure: one }) }] },
          { rules: [{ ...towns, name: 'other', ...(other && { onStoreFailure: other }) }] },
        ],
        store: down,
      })
    const unknown = { decision: { kind: 'unknown', cause } }
    const decisions = [unknown, unknown]
    expect(await two('allow', 'deny').decide(request())).toMatchObject({
      kind: 'undecided',
      onStoreFailure: 'deny',
      decisions,
    })
    expect(await two('allow', 'allow').decide(request())).toMatchObject({
      kind: 'undecided',
      onStoreFailure: 'allow',
      decisions,
    })
    const local = two('allow', 'local')
    expect(await local.decide(request())).toMatchObject({
      kind: 'allow',
      decisions: [{ decision: { kind: 'allowed' } }, {}],
    })
    expect(await local.decide(request())).toMatchObject({ kind: 'deny' })
  })

  it('counts in this process unless the policy says otherwise', async () => {
    const guard = createGuard({ rules: [towns], store: down })
    expect(await guard.decide(request())).toMatchObject({ kind: 'allow' })
    expect(await guard.decide(request())).toMatchObject({ kind: 'deny' })
  })
})

describe('createGuard', () => {
  const store = memoryStore()

  it('takes a parsed policy, with the sources that it names', () => {
    const policy = parsePolicy({ identity: [{ header: { name: 'x-user', verified: true } }], rules: [towns] })
    const guard = createGuard(policy, { store: memoryStore() })
    expect(guard.policy).toBe(policy)
    expect(guard.decide(request('GET', '/', { 'x-user': 'alice' }))).toMatchObject({ identity: { kind: 'key' } })
  })

  it('does not silently leave out a jwt source that it cannot make', () => {
    const jwt = { secret: 'x'.repeat(32), algorithms: ['HS256'] }
    const policy = parsePolicy({ identity: [{ jwt }], rules: [towns] })
    expect(() => createGuard(policy, { store })).toThrow(/pass `identity/)
    expect(() => createGuard(policy, { store, identity: [clientIp()] })).not.toThrow()
  })

  it('needs a store', () => {
    const policy = parsePolicy({ rules: [towns] })
    expect(() => createGuard(policy as unknown as InlineGuardOptions)).toThrow(TypeError)
  })

  it('parses inline rules as a policy file, with every fault', () => {
    expect(() => createGuard({ rules: [{ ...towns, quotas: '1/fortnight' }], store })).toThrow(/rules\[0\]\.quotas/)
    expect(() => createGuard({ rules: [towns], stores: store } as unknown as InlineGuardOptions)).toThrow()
  })

  it('answers as the policy says, with content that it was passed', () => {
    const denied = { status: 403, body: { file: 'slow.html', contentType: 'text/html' } }
    expect(() => createGuard({ rules: [towns], denied, store })).toThrow(/deniedContent/)
    const deniedContent = { content: '<h1>Slow down</h1>', contentType: 'text/html' }
    const { guard } = made({ rules: [towns], denied, headers: 'none' }, { deniedContent })
    guard.decide(request())
    expect(guard.answer(guard.decide(request()) as Verdict, request())).toEqual({
      kind: 'refuse',
      status: 403,
      fields: [
        ['Retry-After', '60'],
        ['Cache-Control', 'no-store'],
        ['Content-Type', 'text/html'],
      ],
      body: deniedContent.content,
    })
  })

  it('tells the client of its figures', () => {
    const { guard, clock } = made({ rules: [{ ...towns, quotas: ['2/minute', '3/hour'] }] })
    guard.decide(request())
    clock.advance(30 * SECOND)
    const verdict = guard.decide(request()) as Verdict
    expect(Object.fromEntries(guard.answer(verdict, request()).fields)).toEqual({
      'RateLimit-Policy': '"towns-60s";q=2;w=60, "towns-3600s";q=3;w=3600',
      RateLimit: '"towns-60s";r=0;t=30, "towns-3600s";r=1;t=3570',
    })
  })
})
