import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { keys, kinds, made, towns } from '../test/guards.js'
import { request } from '../test/verdicts.js'
import { MINUTE, SECOND } from './core/units.js'
import type { GuardOptions, InlineGuardOptions } from './guard.js'
import { createGuard } from './guard.js'
import { answerOf } from './http/answer.js'
import { parsePolicy } from './policy/parse-policy.js'
import type { RuleInput } from './policy/policy-input.js'
import { memoryStore } from './store/memory/memory.js'
import type { Verdict } from './verdict.js'

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

describe('createGuard', () => {
  const store = memoryStore()

  it('takes a parsed policy, with the sources that it names', () => {
    const policy = parsePolicy({ identity: [{ header: { name: 'x-user', verified: true } }], rules: [towns] })
    const guard = createGuard(policy, { store: memoryStore() })
    expect(guard.policy).toBe(policy)
    expect(guard.decide(request('GET', '/', { 'x-user': 'alice' }))).toMatchObject({ identity: { kind: 'key' } })
  })

  it('identifies by the token that the policy names', async () => {
    const secret = 'x'.repeat(32)
    const policy = parsePolicy({ identity: [{ jwt: { secret, algorithms: ['HS256'] } }], rules: [towns] })
    const token = await new SignJWT({ sub: 'alice' }).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret))
    const verdict = await createGuard(policy, { store }).decide(
      request('GET', '/', { authorization: `Bearer ${token}` }),
    )
    expect(verdict).toMatchObject({ identity: { kind: 'user', user: 'alice' } })
  })

  it('needs a store', () => {
    const policy = parsePolicy({ rules: [towns] })
    expect(() => createGuard(policy as unknown as InlineGuardOptions)).toThrow(TypeError)
    expect(() => createGuard('10/minute' as unknown as InlineGuardOptions)).toThrow('createGuard needs a store')
  })

  it.each([
    ['a misspelt option', { store, exemt: () => true }, /no option "exemt"/],
    ['what is no store', { store: { get: () => 1 } }, /store: expected a store/],
    ['a source that is none', { store, identity: ['ip'] }, /identity: expected a list of sources/],
    ['a source outside of a list', { store, identity: () => undefined }, /identity: expected a list of sources/],
    [
      'exempt that is no function',
      { store, exempt: '/health' },
      /createGuard: exempt: expected a function, not "\/health"/,
    ],
    ['a cost that is no function', { store, costs: { towns: 3 } }, /costs: towns: expected a function, not 3/],
    [
      'a limit that is no function',
      { store, limits: { towns: '9/s' } },
      /limits: towns: expected a function, not "9\/s"/,
    ],
  ])('refuses %s', (_, options, message) => {
    expect(() => createGuard(parsePolicy({ rules: [towns] }), options as unknown as GuardOptions)).toThrow(message)
    expect(() => createGuard({ rules: [towns], ...options } as unknown as InlineGuardOptions)).toThrow()
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
    expect(answerOf(guard.decide(request()) as Verdict, request(), guard.answering)).toEqual({
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
    expect(Object.fromEntries(answerOf(verdict, request(), guard.answering).fields)).toEqual({
      'RateLimit-Policy': '"towns-60s";q=2;w=60, "towns-3600s";q=3;w=3600',
      RateLimit: '"towns-60s";r=0;t=30, "towns-3600s";r=1;t=3570',
    })
  })
})
