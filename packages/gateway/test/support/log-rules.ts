import type { PlainRule } from './exact-count.js'

/** Which targets a rule is for, told by an expression. */
export const PATHS = { blog: /^\/+blog([/?]|$)/i, talks: /^\/+presentations([/?]|$)/i, all: /^/ }

/** Rules for the real log, as a policy has them. */
export function policyRules(algorithm: string) {
  const quota = (limit: number, window: string) => ({ limit, window, algorithm })
  return [
    { name: 'blog', path: '/blog/**', method: 'GET', zone: 'reading', quotas: [quota(3, '20s'), quota(20, '1d')] },
    { name: 'talks', path: '/presentations/**', zone: 'reading', quotas: quota(25, '1m'), block: '2h' },
    { name: 'rest', path: '/**', partition: 'everyone', quotas: quota(100, '2h') },
  ]
}

/** The same rules in their plainest form, for a count by brute force. */
export const PLAIN_RULES: readonly PlainRule[] = [
  {
    name: 'blog',
    path: PATHS.blog,
    method: /^(GET|HEAD)$/,
    zone: 'reading',
    partition: 'user',
    quotas: [
      { limit: 3, window: 20 },
      { limit: 20, window: 86_400 },
    ],
  },
  {
    name: 'talks',
    path: PATHS.talks,
    zone: 'reading',
    partition: 'user',
    quotas: [{ limit: 25, window: 60 }],
    block: 7_200,
  },
  { name: 'rest', path: PATHS.all, zone: 'rest', partition: 'everyone', quotas: [{ limit: 100, window: 7_200 }] },
]
