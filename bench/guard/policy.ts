import type { LayerInput } from 'spillway'

/** Nobody is refused: a refusal would be cheaper than an answer. */
const AMPLE = '1000000000/hour'

/** Three layers, as an API has them: each client, each plan, and the whole. */
export const LAYERS: readonly LayerInput[] = [
  {
    name: 'client',
    rules: [
      { name: 'unlimited-admins', path: '/**', group: 'admin', quotas: 'unlimited' },
      { name: 'login', path: '/login', method: 'POST', quotas: '5/minute' },
      { name: 'towns', path: '/towns/**', quotas: AMPLE },
      { name: 'orders', path: '/users/:id/orders', quotas: AMPLE },
      { name: 'everything-else', path: '/**', quotas: AMPLE },
    ],
  },
  { name: 'plan', partition: 'group', rules: [{ name: 'plan', path: '/**', quotas: AMPLE }] },
  { name: 'api', partition: 'everyone', rules: [{ name: 'whole-api', path: '/**', quotas: AMPLE }] },
]
