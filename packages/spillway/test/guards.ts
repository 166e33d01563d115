import type { Guard, InlineGuardOptions } from '../src/guard.js'
import { createGuard } from '../src/guard.js'
import { header } from '../src/identity/header.js'
import type { RequestDescription } from '../src/identity/identity.js'
import type { PolicyInput, RuleInput } from '../src/policy/policy-input.js'
import { memoryStore } from '../src/store/memory/memory.js'
import { fakeClock } from '../src/testing/fake-clock.js'
import type { Verdict } from '../src/verdict.js'

export const towns: RuleInput = { name: 'towns', path: '/towns', quotas: '1/minute' }

/** A guard with its own clock and memory store. */
export function made(policy: PolicyInput, options: Partial<InlineGuardOptions> = {}) {
  const clock = fakeClock()
  return { clock, guard: createGuard({ ...policy, store: memoryStore({ clock }), ...options }) }
}

/** The kinds of the verdicts on the same request, one after the other. */
export function kinds(guard: Guard, ...requests: RequestDescription[]): string[] {
  return requests.map((each) => (guard.decide(each) as Verdict).kind)
}

/** Identifies by the header `x-api-key`: `k-1` is an admin, `k-2` a user. */
export const keys = header({ name: 'x-api-key', groups: { 'k-1': 'admin', 'k-2': 'user' } })
