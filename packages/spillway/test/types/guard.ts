/** What must and what must not compile: guards, and what depends on the request. Read by `npm run types`, never run. */
import type { Awaitable, Guard, Policy, Rule, Verdict } from 'spillway'
import { createGuard, memoryStore, parsePolicy, withTrials } from 'spillway'

const store = memoryStore()
const rules = [{ name: 'login', path: '/login', quotas: '5/minute' }]
declare const policy: Policy
declare const guard: Guard
declare const verdict: Verdict

export const made: Guard[] = [
  createGuard({ rules, store }),
  createGuard(policy, { store, exempt: () => true }),
  createGuard(parsePolicy({ rules }), { store, exempt: async ({ target }) => target === '/health' }),
  createGuard({ rules, store, costs: { login: ({ method }) => (method === 'GET' ? 1 : 5) } }),
  createGuard({ rules, store, costs: { login: async () => 2 }, limits: { login: () => ['1/second', '9/hour'] } }),
  createGuard({ rules: [{ path: '/a', quotas: '9/hour', charge: { when: 'response', on: [401, '5xx'] } }], store }),
  createGuard({ rules: [{ path: '/a', quotas: '9/hour', charge: { when: 'response', on: '4xx', cost: 2 } }], store }),
]
createGuard({
  rules: [{ path: '/a', quotas: '9/hour', enforce: '0.5%', candidate: ['5/hour', { limit: 1, every: 'day' }] }],
  store,
})
export const mode: 'enforce' | 'shadow' | 'candidate' =
  made[0]?.policy.layers[0]?.rules[0]?.candidate?.mode ?? 'enforce'
export const share: number | undefined = made[0]?.policy.layers[0]?.rules[0]?.rollOut?.share
export const trials: readonly Rule[] = policy.layers.flatMap(({ rules }) => rules.flatMap(withTrials))
export const settled: Awaitable<void> = guard.settle(verdict, 401)
export const settles: boolean = guard.settles

// @ts-expect-error a guard needs a store
createGuard({ rules })
// @ts-expect-error a parsed policy needs one too
createGuard(policy, {})
// @ts-expect-error whether, not what
createGuard({ rules, store, exempt: () => 'yes' })
// @ts-expect-error units are a number
createGuard({ rules, store, costs: { login: () => '5' } })
// @ts-expect-error a limit is text
createGuard({ rules, store, limits: { login: () => 5 } })
// @ts-expect-error the option is costs
createGuard({ rules, store, cost: { login: () => 5 } })
// @ts-expect-error only the response can be waited for
createGuard({ rules: [{ path: '/a', quotas: '9/hour', charge: { when: 'request', on: [401] } }], store })
// @ts-expect-error no such class of statuses
createGuard({ rules: [{ path: '/a', quotas: '9/hour', charge: { when: 'response', on: ['6xx'] } }], store })
// @ts-expect-error for which responses must be said
createGuard({ rules: [{ path: '/a', quotas: '9/hour', charge: { when: 'response' } }], store })
// @ts-expect-error a share has its sign
createGuard({ rules: [{ path: '/a', quotas: '9/hour', enforce: '10' }], store })
// @ts-expect-error a candidate is quotas
createGuard({ rules: [{ path: '/a', quotas: '9/hour', candidate: 5 }], store })
// @ts-expect-error no rule of a policy is a candidate
createGuard({ rules: [{ path: '/a', quotas: '9/hour', mode: 'candidate' }], store })
// @ts-expect-error of one rule, not of a policy
withTrials(policy)
// @ts-expect-error what came of it must be told
guard.settle(verdict)
// @ts-expect-error a verdict may be yet to come
export const kind = guard.decide({ method: 'GET', target: '/', header: () => undefined }).kind
