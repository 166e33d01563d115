import type { AsgiConfig } from 'spillway/compat/asgi-ratelimit'

export const configurations = {
  /** The same as in rules.ts, as it is written for asgi-ratelimit: it runs as it is. */
  townsAndForests: {
    '^/towns': [{ second: 1, group: 'default' }, { group: 'admin' }],
    '^/forests': [{ minute: 1, group: 'default' }, { group: 'admin' }],
  },

  twoWindows: {
    '^/towns': [{ minute: 200, second: 10 }],
  },

  higherForAdmins: {
    '^/towns': [
      { day: 400, minute: 200, second: 10 },
      { minute: 500, second: 25, group: 'admin' },
    ],
  },

  /** Here the two groups share nothing, as they have no window in common: `warnings` says so. */
  sharedZone: {
    '/user/\\d+': [
      { minute: 200, zone: 'user-api' },
      { second: 100, zone: 'user-api', group: 'admin' },
    ],
  },

  blocked: {
    '^/towns': [{ second: 5, block_time: 60 }],
    '^/forests': [{ second: 100 }],
  },

  byMethod: {
    '^/towns': [
      { second: 10, method: 'get' },
      { second: 2, method: 'post' },
    ],
  },
} satisfies Record<string, AsgiConfig>
