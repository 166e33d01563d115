import { describe, expect, it } from 'vitest'
import { request } from '../../test/verdicts.js'
import { parsePolicy } from '../policy/parse-policy.js'
import type { PolicyInput } from '../policy/policy-input.js'
import { memoryStore } from '../store/memory/memory.js'
import { fakeClock } from '../testing/fake-clock.js'
import { explain } from './explain.js'

const clock = fakeClock()

function explained(input: object, asked = request(), store = memoryStore({ clock })) {
  return explain(parsePolicy(input), asked, { store, clock })
}

describe('explain', () => {
  const rules: PolicyInput['rules'] = [
    { name: 'admins', path: '/**', group: 'admin', quotas: 'unlimited' },
    { name: 'tried', path: '/towns', quotas: '1/hour', mode: 'shadow' },
    { name: 'posts', path: '/towns', method: 'POST', quotas: '1/minute' },
    { name: 'towns', path: '/:name', quotas: ['2/minute', '100/day'], cost: 2, partition: ['user', 'path'] },
    { name: 'rest', path: '/**', quotas: '9/second' },
  ]

  it('tells of each rule why it applies or does not, its partition, its quotas and what is answered', async () => {
    const explanation = await explained({ rules, identity: [{ ip: {} }] }, request('GET', '//TOWNS/?token=secret'))

    expect(explanation).toMatchObject({
      method: 'GET',
      path: '/towns',
      preflight: false,
      identity: { kind: 'ip', user: '192.0.2.1', group: 'default' },
      verdict: { kind: 'allow' },
      answer: {
        kind: 'pass',
        fields: [
          ['RateLimit-Policy', '"towns-60s";q=2;w=60, "towns-86400s";q=100;w=86400'],
          ['RateLimit', '"towns-60s";r=0;t=60, "towns-86400s";r=98;t=86400'],
        ],
      },
    })
    expect(explanation.layers[0]?.rules).toMatchObject([
      { name: 'admins', outcome: 'misfit', misfits: [{ what: 'group', wants: 'admin' }] },
      { name: 'tried', outcome: 'shadow', decision: 'allowed', partition: 'ip:192.0.2.1', zone: 'tried*shadow' },
      { name: 'posts', outcome: 'misfit', misfits: [{ what: 'method', wants: 'POST' }] },
      {
        name: 'towns',
        place: 'rules[3]',
        outcome: 'applies',
        decision: 'allowed',
        partition: 'ip:192.0.2.1,path:/towns',
        cost: 2,
        quotas: [
          { name: 'towns-60s', remaining: 0, resetAfter: 60_000_000 },
          { name: 'towns-86400s', remaining: 98 },
        ],
      },
      { name: 'rest', outcome: 'not-asked' },
    ])
    expect(JSON.stringify(explanation)).not.toContain('secret')
  })

  it('charges nothing, and tells of a store as it stands', async () => {
    const store = memoryStore({ clock })
    const policy = parsePolicy({ rules: [{ name: 'towns', path: '/towns', quotas: '1/minute', block: '5m' }] })
    const told = () => explain(policy, request(), { store, clock })
    for (let i = 0; i < 3; i++) expect((await told()).verdict.kind).toBe('allow')

    const rule = policy.layers[0]?.rules[0]
    if (rule === undefined) throw new Error('no rule')
    store.decide([{ ...rule, partition: 'ip:192.0.2.1' }])
    for (let i = 0; i < 3; i++) {
      const { verdict, layers, answer } = await told()
      expect(verdict).toEqual({ kind: 'deny', rule: 'towns' })
      expect(layers[0]?.rules[0]).toMatchObject({ decision: 'denied', startsBlock: { for: 300_000_000 } })
      expect(answer).toMatchObject({ kind: 'refuse', status: 429 })
      expect(answer.fields).toContainEqual(['Retry-After', '300'])
    }
  })

  it('says of a malformed target what is wrong with it, and asks nobody', async () => {
    expect(await explained({ rules }, request('GET', '/%zz'))).toMatchObject({
      sources: [],
      layers: [],
      verdict: { kind: 'malformed', because: expect.stringContaining('percent') },
      answer: { status: 400 },
    })
  })

  it('names what a preflight wants, and what nothing limits', async () => {
    const preflight = request('OPTIONS', '/towns', { 'access-control-request-method': 'GET' })
    const explanation = await explained({ rules: [{ name: 'towns', path: '/towns', quotas: '1/minute' }] }, preflight)

    expect(explanation).toMatchObject({
      preflight: true,
      layers: [{ rules: [{ outcome: 'misfit', misfits: [{ what: 'preflight', wants: 'OPTIONS' }] }] }],
      verdict: { kind: 'allow', because: 'nothing limits this request' },
    })
  })

  it('says of each rule in each layer what became of it, and asks no shadow rule about a refused request', async () => {
    const layers: PolicyInput['layers'] = [
      { name: 'client', rules: [{ name: 'free', path: '/**', quotas: 'unlimited' }] },
      {
        name: 'whole',
        rules: [
          { name: 'tried', path: '/**', quotas: '1/day', mode: 'shadow' },
          { name: 'all', path: '/**', quotas: '3/minute', partition: 'everyone' },
        ],
      },
    ]
    const store = memoryStore({ clock })
    const policy = parsePolicy({ layers })
    const all = policy.layers[1]?.rules[1]
    if (all === undefined) throw new Error('no rule')
    store.decide([{ ...all, partition: 'everyone', cost: 3 }])
    const explanation = await explain(policy, request(), { store, clock })

    expect(explanation.verdict).toEqual({ kind: 'deny', rule: 'all' })
    expect(explanation.layers).toMatchObject([
      { name: 'client', rules: [{ name: 'free', outcome: 'applies', decision: 'uncounted', quotas: [] }] },
      {
        name: 'whole',
        rules: [
          { name: 'tried', outcome: 'shadow', decision: 'uncounted' },
          { name: 'all', outcome: 'applies', decision: 'denied', partition: 'everyone', retryAfter: 60_000_000 },
        ],
      },
    ])
  })
})
