import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keys, made } from '../../test/guards.js'
import { request } from '../../test/verdicts.js'
import { SECOND } from '../core/units.js'
import type { RuleInput } from '../policy/policy-input.js'
import { enforcedFor, isInRollOut } from '../policy/roll-out.js'
import type { RuleDecision, Verdict } from '../verdict.js'

const asked = fc.record({
  pause: fc.integer({ min: 0, max: 4 * SECOND }),
  who: fc.integer({ min: 1, max: 3 }),
  path: fc.constantFrom('/towns', '/forests'),
})
const quotas = fc.constantFrom<RuleInput['quotas']>('3/minute', ['2/10s', '5/minute'], {
  limit: 4,
  window: '1m',
  algorithm: 'token-bucket',
})
const requests = fc.array(asked, { minLength: 25, maxLength: 40, size: 'max' })
const block = fc.constantFrom(undefined, '30s')

/** The verdicts of a guard of these rules, and of each its decisions without the rules' own parts. */
function run(rules: readonly RuleInput[], requests: readonly { pause: number; who: number; path: string }[]) {
  const { clock, guard } = made({ rules }, { identity: [keys] })
  return requests.map(({ pause, who, path }) => {
    clock.advance(pause)
    const verdict = guard.decide(request('GET', path, {}, `192.0.2.${who}`)) as Verdict
    if (verdict.kind === 'malformed' || verdict.kind === 'unidentified') throw new Error('everybody is known')
    return { kind: verdict.kind, decisions: plain(verdict.decisions), shadows: plain(verdict.shadows) }
  })
}

function plain(decisions: readonly RuleDecision[]) {
  return decisions.map(({ rule: { name, mode }, decision }) => ({ name, mode, decision }))
}

it('a candidate changes no answer, and decides as if it were in force in place of the quotas', () => {
  let wouldBe = 0
  fc.assert(
    fc.property(quotas, quotas, block, requests, (live, tried, blocked, asking) => {
      const rule = { name: 'all', path: '/**', ...(blocked && { block: blocked }) }
      const beside = run([{ ...rule, quotas: live, candidate: tried }], asking)
      expect(beside.map(({ kind, decisions }) => [kind, decisions])).toEqual(
        run([{ ...rule, quotas: live }], asking).map(({ kind, decisions }) => [kind, decisions]),
      )
      const decided = beside.map(({ shadows }) => shadows.map(({ decision }) => decision))
      expect(decided).toEqual(
        run([{ ...rule, quotas: tried }], asking).map(({ decisions }) => decisions.map(({ decision }) => decision)),
      )
      wouldBe += decided.filter(([decision]) => decision?.kind === 'denied').length
    }),
    { numRuns: 60 },
  )
  expect(wouldBe).toBeGreaterThan(100)
})

it('a roll-out is the plain rule for the partitions that it has reached, and a shadow rule for all others', () => {
  const counts = { reached: 0, passed: 0 }
  fc.assert(
    fc.property(quotas, quotas, block, requests, (newer, older, blocked, asking) => {
      const rule = { name: 'new', path: '/towns', quotas: newer, ...(blocked && { block: blocked }) }
      const rest = { name: 'old', path: '/**', quotas: older }
      const staged = { ...rule, enforce: '50%' } as const
      const inForce = made({ rules: [staged] }).guard.policy.layers[0]?.rules[0]
      const reached = ({ who }: { who: number }) =>
        inForce !== undefined && isInRollOut(inForce) && enforcedFor(inForce, `ip:192.0.2.${who}`)

      const answers = run([staged, rest], asking)
      const only = (which: boolean) => (_: unknown, i: number) => reached(asking[i] as { who: number }) === which
      const plainly = run([rule, rest], asking)
      const shadowed = run([{ ...rule, mode: 'shadow' }, rest], asking)
      expect(answers.filter(only(true))).toEqual(plainly.filter(only(true)))
      expect(answers.filter(only(false))).toEqual(shadowed.filter(only(false)))
      counts.reached += answers.filter(only(true)).length
      counts.passed += answers.filter(only(false)).length
    }),
    { numRuns: 60 },
  )
  expect(Math.min(counts.reached, counts.passed)).toBeGreaterThan(100)
})
