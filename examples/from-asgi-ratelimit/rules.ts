import type { RuleInput } from 'spillway'

export const rules = {
  /** Towns once a second, forests once a minute; an admin as often as it likes. */
  townsAndForests: [
    { name: 'admins', path: '/**', group: 'admin', quotas: 'unlimited' },
    { name: 'towns', path: '/towns', quotas: '1/second' },
    { name: 'forests', path: '/forests', quotas: '1/minute' },
  ],

  /** 10 a second, and no more than 200 a minute, for everyone. */
  twoWindows: [{ name: 'towns', path: '/towns', quotas: ['10/second', '200/minute'] }],

  /** A group with higher limits. The rule without a group is for all that are left, so it stands last. */
  higherForAdmins: [
    { name: 'towns-admin', path: '/towns', group: 'admin', quotas: ['25/second', '500/minute'] },
    { name: 'towns', path: '/towns', quotas: ['10/second', '200/minute', '400/day'] },
  ],

  /** One pool for all pages of users. */
  sharedZone: [
    { name: 'users-admin', path: '/user/:id', group: 'admin', quotas: '100/second', zone: 'user-api' },
    { name: 'users', path: '/user/:id', quotas: '200/minute', zone: 'user-api' },
  ],

  /** Five a second; who asks a sixth time is refused everywhere for a minute. */
  blocked: [
    { name: 'towns', path: '/towns', quotas: '5/second', block: { for: '60s', everywhere: true } },
    { name: 'forests', path: '/forests', quotas: '100/second' },
  ],

  /** Reading ten times a second, writing twice. */
  byMethod: [
    { name: 'read', path: '/towns', method: 'GET', quotas: '10/second' },
    { name: 'write', path: '/towns', method: 'POST', quotas: '2/second' },
  ],
} satisfies Record<string, readonly RuleInput[]>
