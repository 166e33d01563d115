import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { made } from '../../test/guards.js'
import { request } from '../../test/verdicts.js'
import { StoreError } from '../core/decision.js'
import { MINUTE, SECOND } from '../core/units.js'
import type { Guard } from '../guard.js'
import { createGuard } from '../guard.js'
import type { QuotaInput, RuleInput } from '../policy/policy-input.js'
import { memoryStore } from '../store/memory/memory.js'
import type { Store } from '../store/store.js'
import type { Verdict } from '../verdict.js'

const ALGORITHMS: readonly QuotaInput[] = [
  { limit: 50, window: '1m' },
  { limit: 50, window: '1m', algorithm: 'fixed-window', align: 'clock' },
  { limit: 50, window: '1m', algorithm: 'token-bucket' },
]

/** Five of 50 units for each answer 401. */
function guesses(quota: QuotaInput, changes: Partial<RuleInput> = {}): RuleInput {
  const charge = { when: 'response', on: [401], cost: 5 } as const
  return { name: 'login', path: '/**', quotas: quota, charge, ...changes }
}

function ask(guard: Guard, target = '/login'): Verdict {
  return guard.decide(request('POST', target)) as Verdict
}

function passed(verdict: Verdict): boolean {
  return verdict.kind === 'allow'
}

/** How often five units are left, by taking them for good. */
function left(guard: Guard): number {
  let count = 0
  while (passed(ask(guard))) count++
  return count
}

describe.each(ALGORITHMS)('units of $algorithm that count by the response', (quota) => {
  it('are all taken while a hundred requests wait for theirs; then exactly those that count are', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(200, 401, 403, 500), { minLength: 100, maxLength: 100 }), (statuses) => {
        const { guard } = made({ rules: [guesses(quota)] })
        const verdicts = statuses.map(() => ask(guard))
        expect(verdicts.map(passed)).toEqual(statuses.map((_, i) => i < 10))

        for (const [i, verdict] of verdicts.entries()) guard.settle(verdict, statuses[i] as number)
        const counted = statuses.slice(0, 10).filter((status) => status === 401).length
        expect(left(guard)).toBe(10 - counted)
      }),
    )
  })

  it('are given back once, however often the response is told', () => {
    const { guard } = made({ rules: [guesses(quota)] })
    const verdicts = Array.from({ length: 10 }, () => ask(guard))
    for (let i = 0; i < 3; i++) guard.settle(verdicts[0] as Verdict, 200)
    expect(left(guard)).toBe(1)
  })

  it("are not another's where the window of a slow request is over", () => {
    const { clock, guard } = made({ rules: [guesses(quota)] })
    const slow = Array.from({ length: 10 }, () => ask(guard))
    clock.advance(MINUTE)
    expect(left(guard)).toBe(10)
    for (const verdict of slow) guard.settle(verdict, 200)
    expect(left(guard)).toBe(0)
  })
})

/** A request at a time, its status, and how long its response takes. */
const asked = fc.record({
  pause: fc.integer({ min: 0, max: 20 * SECOND }),
  status: fc.constantFrom(200, 401),
  takes: fc.integer({ min: 0, max: 90 * SECOND }),
})

interface Pending {
  readonly verdict: Verdict
  readonly status: number
  readonly endsAt: number
}

describe.each(ALGORITHMS.slice(0, 2))('units of $algorithm, over many requests that overlap', (quota) => {
  const sliding = quota.algorithm === undefined
  /** Whether units that were taken at one moment count at another. */
  const counts = (at: number, now: number) =>
    sliding ? now - at < MINUTE : Math.floor(at / MINUTE) === Math.floor(now / MINUTE)

  it('are those of a brute-force count of what is pending and what counts', () => {
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 60 }), (requests) => {
        const { clock, guard } = made({ rules: [guesses({ ...quota, limit: 20 })] })
        const taken = new Set<{ at: number }>()
        const pending = new Map<Pending, { at: number }>()
        const settleUntil = (now: number) => {
          for (const [each, entry] of pending) {
            if (each.endsAt > now) continue
            guard.settle(each.verdict, each.status)
            if (each.status !== 401) taken.delete(entry)
            pending.delete(each)
          }
        }
        for (const { pause, status, takes } of requests) {
          clock.advance(pause)
          const now = clock.now()
          settleUntil(now)
          const used = [...taken].filter(({ at }) => counts(at, now)).length
          const verdict = ask(guard)
          expect(passed(verdict)).toBe(used < 4)
          if (!passed(verdict)) continue
          const entry = { at: now }
          taken.add(entry)
          pending.set({ verdict, status, endsAt: now + takes }, entry)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('settle', () => {
  const quotas = '1/minute'

  it('is needed only where a rule charges by the response', () => {
    expect(made({ rules: [{ path: '/**', quotas }] }).guard.settles).toBe(false)
    expect(made({ rules: [guesses({ limit: 50, window: '1m' })] }).guard.settles).toBe(true)
  })

  it('gives nothing back for other rules, refused requests and verdicts of no guard', () => {
    const charge = { when: 'response', on: '4xx' } as const
    const rules = [
      { name: 'plain', path: '/plain', quotas },
      { name: 'charged', path: '/**', quotas, charge },
    ]
    const { guard } = made({ rules })
    guard.settle(ask(guard, '/plain'), 200)
    expect(ask(guard, '/plain').kind).toBe('deny')
    const pending = ask(guard)
    guard.settle(ask(guard), 200)
    guard.settle({ ...pending }, 200)
    expect(ask(guard).kind).toBe('deny')
    guard.settle(pending, 200)
    expect(ask(guard).kind).toBe('allow')
  })

  it('gives back what shadow rules took', () => {
    const charge = { when: 'response', on: 401 } as const
    const { guard } = made({ rules: [{ name: 'tried', path: '/**', quotas, charge, mode: 'shadow' }] })
    const shadowKind = (verdict: Verdict) => ('shadows' in verdict ? verdict.shadows[0]?.decision.kind : undefined)
    guard.settle(ask(guard), 200)
    const second = ask(guard)
    expect(shadowKind(second)).toBe('allowed')
    guard.settle(second, 401)
    expect(shadowKind(ask(guard))).toBe('denied')
  })

  it.each(['throws', 'rejects'])('is no fault of the request where the store %s', async (how) => {
    const memory = memoryStore()
    const cause = new StoreError('ERR_SPILLWAY_TEST', 'down')
    const store: Store = {
      ...memory,
      refund() {
        if (how === 'rejects') return Promise.reject(cause)
        throw cause
      },
    }
    const guard = createGuard({ rules: [guesses({ limit: 5, window: '1m' })], store })
    expect(await guard.settle(await guard.decide(request()), 200)).toBeUndefined()
    expect(await guard.decide(request())).toMatchObject({ kind: 'deny' })
  })
})
