import { describe, expect, it } from 'vitest'
import { kinds, made, towns } from '../../test/guards.js'
import { request } from '../../test/verdicts.js'
import { QuotaSyntaxError } from '../core/quota-syntax.js'
import type { RequestDescription } from '../identity/identity.js'
import type { RuleInput } from '../policy/policy-input.js'

const cost = ({ header }: RequestDescription) => Number(header('x-cost') ?? 1)
const plan = ({ header }: RequestDescription) => header('x-plan') ?? '1/minute'
const costing = (units: string) => request('GET', '/towns', { 'x-cost': units })
const under = (quotas: string) => request('GET', '/towns', { 'x-plan': quotas })

describe('exempt', () => {
  it('lets a request pass that nobody has identified, and counts nothing', async () => {
    const exempt = async ({ target }: RequestDescription) => target === '/towns?health'
    const { guard } = made({ rules: [towns], anonymous: 'deny' }, { exempt })
    expect(await guard.decide(request('GET', '/towns?health'))).toMatchObject({
      kind: 'allow',
      decisions: [],
      identity: { kind: 'ip', user: '192.0.2.1' },
    })
    expect(await guard.decide(request())).toMatchObject({ kind: 'unidentified' })
  })

  it('does not let an ambiguous target pass', () => {
    const { guard } = made({ rules: [towns] }, { exempt: () => true })
    expect(kinds(guard, request('GET', '/to%zzwns'), request())).toEqual(['malformed', 'allow'])
  })
})

describe('costs', () => {
  const rules: RuleInput[] = [{ ...towns, quotas: '10/minute' }]

  it('say how many units a request takes', () => {
    const { guard } = made({ rules }, { costs: { towns: cost } })
    expect(kinds(guard, costing('7'), costing('4'), costing('3'), costing('11'))).toEqual([
      'allow',
      'deny',
      'allow',
      'deny',
    ])
  })

  it('are awaited where they come later, and only then', async () => {
    const { guard } = made({ rules }, { costs: { towns: async (described) => cost(described) } })
    expect(await guard.decide(costing('10'))).toMatchObject({ kind: 'allow' })
    expect(await guard.decide(costing('1'))).toMatchObject({ kind: 'deny' })
    expect(made({ rules }, { costs: { towns: cost } }).guard.decide(request())).not.toBeInstanceOf(Promise)
  })

  it.each(['0', '-1', '1.5', 'NaN', '9007199254740992'])('of %s fail the request, and nothing is counted', (units) => {
    const { guard } = made({ rules }, { costs: { towns: cost } })
    expect(() => guard.decide(costing(units))).toThrow(RangeError)
    expect(kinds(guard, costing('10'))).toEqual(['allow'])
  })

  it('are those of a request of the rule alone', () => {
    const other = { name: 'other', path: '/other', quotas: '1/minute' }
    const { guard } = made({ rules: [...rules, other] }, { costs: { towns: cost } })
    expect(kinds(guard, request('GET', '/other', { 'x-cost': '5' }))).toEqual(['allow'])
  })

  it('fail no request in a shadow rule, which is then unknown', () => {
    const { guard } = made({ rules: [{ ...towns, mode: 'shadow' }] }, { costs: { towns: () => 0 } })
    expect(guard.decide(request())).toMatchObject({
      kind: 'allow',
      shadows: [{ rule: { name: 'towns' }, decision: { kind: 'unknown' } }],
    })
  })
})

describe('limits', () => {
  const rules: RuleInput[] = [towns]

  it('hold a request to quotas of its own', () => {
    const { guard } = made({ rules }, { limits: { towns: plan } })
    expect(kinds(guard, under('3/minute'), under('3/minute'), under('2/minute'), under('3/minute'))).toEqual([
      'allow',
      'allow',
      'deny',
      'allow',
    ])
    expect(guard.decide(under('9/minute; 9/hour'))).toMatchObject({
      decisions: [{ rule: { quotaNames: ['towns-60s', 'towns-3600s'] }, decision: { quotas: [{ remaining: 5 }, {}] } }],
    })
  })

  it('share the counts of the zone with rules of fixed quotas', () => {
    const shared: RuleInput = { name: 'shared', path: '/shared', quotas: '2/minute', zone: 'towns' }
    const { guard } = made({ rules: [towns, shared] }, { limits: { towns: plan } })
    const sharing = request('GET', '/shared')
    expect(kinds(guard, under('9/hour'), under('9/hour'), sharing)).toEqual(['allow', 'allow', 'deny'])
  })

  it('may be none', () => {
    const { guard } = made({ rules }, { limits: { towns: plan } })
    expect(kinds(guard, ...Array.from({ length: 5 }, () => under('unlimited')))).toEqual(new Array(5).fill('allow'))
  })

  it.each(['five a minute', '', '0/minute', 'unlimited; 1/minute'])('that say %j fail the request', async (quotas) => {
    const { guard } = made({ rules }, { limits: { towns: plan } })
    expect(() => guard.decide(under(quotas))).toThrow(QuotaSyntaxError)
    const later = made({ rules }, { limits: { towns: async (described) => plan(described) } }).guard
    await expect(later.decide(under(quotas))).rejects.toThrow(QuotaSyntaxError)
  })

  it.each([undefined, 5, [], [5]])('that are %j fail the request', (quotas) => {
    const { guard } = made({ rules }, { limits: { towns: () => quotas as unknown as string } })
    expect(() => guard.decide(request())).toThrow(TypeError)
  })

  it('hold a request also to the cost that a function of the same rule says', async () => {
    const { guard } = made({ rules }, { limits: { towns: () => '10/minute' }, costs: { towns: async () => 6 } })
    expect(await guard.decide(request())).toMatchObject({ kind: 'allow' })
    expect(await guard.decide(request())).toMatchObject({ kind: 'deny' })
  })
})

describe('a function of a rule that is not there', () => {
  it('is an error of the programmer, with the name that was probably meant', () => {
    expect(() => made({ rules: [towns] }, { costs: { twons: () => 1 } })).toThrow('did you mean "towns"?')
    expect(() => made({ rules: [towns] }, { limits: { villages: () => '1/s' } })).toThrow('the rules are towns')
    expect(() => made({ rules: [towns] }, { limits: { villages: () => '1/s' } })).toThrow(TypeError)
  })
})
