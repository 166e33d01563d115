import { describe, expect, it } from 'vitest'
import { parseDuration } from '../../core/duration.js'
import type { AsgiConfig } from './config.js'
import { scene } from './guard.fixture.js'

const TOWNS: AsgiConfig = { '^/towns': [{ second: 1 }] }

/** What is asked in order, by alice unless it says by whom: `bob: GET /towns is refused`. `1s` and `-1s` move the clock. */
interface Line {
  readonly says: string
  readonly config: AsgiConfig
  readonly asked: readonly string[]
}

const STEP = /^(?:(.+): )?([A-Z]+ \S+) (passes|is refused)$/
const KINDS: Readonly<Record<string, string>> = { allow: 'passes', deny: 'is refused' }

const LINES: readonly Line[] = [
  {
    says: 'a pattern matches at the start of the path and not to its end',
    config: TOWNS,
    asked: ['GET /towns/oslo passes', 'GET /towns/oslo is refused', 'GET /old/towns passes', 'GET /old/towns passes'],
  },
  {
    says: 'a pattern without ^ is anchored at the start all the same',
    config: { '/towns': [{ second: 1 }] },
    asked: ['GET /old/towns passes', 'GET /old/towns passes'],
  },
  {
    says: 'the query plays no part',
    config: { '^/towns$': [{ second: 1 }] },
    asked: ['GET /towns?page=1 passes', 'GET /towns?page=2 is refused'],
  },
  {
    says: 'letter case tells paths apart',
    config: TOWNS,
    asked: ['GET /towns passes', 'GET /Towns passes', 'GET /Towns passes'],
  },
  {
    says: 'a path that no pattern matches is not limited',
    config: TOWNS,
    asked: ['GET /lakes passes', 'GET /lakes passes'],
  },
  {
    says: 'a path that no pattern matches is nobody’s: no one is asked who they are',
    config: TOWNS,
    asked: ['nobody: GET /lakes passes'],
  },
  {
    says: 'of two patterns the first that matches applies',
    config: { '^/towns': [{ minute: 2 }], '^/towns/oslo': [{ minute: 1 }] },
    asked: ['GET /towns/oslo passes', 'GET /towns/oslo passes', 'GET /towns/oslo is refused'],
  },
  {
    says: 'a pattern without a rule for the group leaves the request to later patterns',
    config: { '^/towns': [{ minute: 5, group: 'admin' }], '^/': [{ minute: 1 }] },
    asked: ['GET /towns passes', 'GET /towns is refused'],
  },
  {
    says: 'a pattern without a rule for the method leaves the request to later patterns',
    config: { '^/towns': [{ minute: 5, method: 'post' }], '^/': [{ minute: 1 }] },
    asked: ['GET /towns passes', 'GET /towns is refused'],
  },
  {
    says: 'a group that no rule of any pattern has is not limited',
    config: TOWNS,
    asked: ['root as admin: GET /towns passes', 'root as admin: GET /towns passes'],
  },
  {
    says: 'a rule without a group is for the group default',
    config: { '^/towns': [{ second: 1 }, { second: 2, group: 'admin' }] },
    asked: [
      'GET /towns passes',
      'GET /towns is refused',
      'root as admin: GET /towns passes',
      'root as admin: GET /towns passes',
      'root as admin: GET /towns is refused',
    ],
  },
  {
    says: 'of the rules of a group and method the first applies',
    config: { '^/towns': [{ minute: 2 }, { minute: 1 }] },
    asked: ['GET /towns passes', 'GET /towns passes', 'GET /towns is refused'],
  },
  {
    says: 'letter case plays no part in a method',
    config: { '^/towns': [{ minute: 1, method: 'Get' }] },
    asked: ['GET /towns passes', 'GET /towns is refused'],
  },
  {
    says: 'HEAD is not GET',
    config: { '^/towns': [{ minute: 1, method: 'get' }] },
    asked: ['GET /towns passes', 'GET /towns is refused', 'HEAD /towns passes'],
  },
  {
    says: 'a rule without windows is unlimited',
    config: { '^/towns': [{ second: 1 }, { group: 'admin' }] },
    asked: ['root as admin: GET /towns passes', 'root as admin: GET /towns passes'],
  },
  {
    says: 'an unlimited rule stands before later patterns',
    config: { '^/towns': [{}], '^/': [{ minute: 1 }] },
    asked: ['GET /towns passes', 'GET /towns passes'],
  },
  {
    says: 'each path of a pattern counts apart',
    config: { '/user/\\d+': [{ minute: 1 }] },
    asked: ['GET /user/1 passes', 'GET /user/1 is refused', 'GET /user/2 passes'],
  },
  {
    says: 'a path counts once, whichever pattern brings it there',
    config: { '^/towns': [{ minute: 1, group: 'gold' }], '^/': [{ minute: 1 }] },
    asked: ['alice as gold: GET /towns passes', 'GET /towns is refused'],
  },
  {
    says: 'paths of one zone count together',
    config: { '/user/\\d+': [{ minute: 1, zone: 'user-api' }], '^/me': [{ minute: 1, zone: 'user-api' }] },
    asked: ['GET /user/1 passes', 'GET /user/2 is refused', 'GET /me is refused'],
  },
  {
    says: 'users count apart',
    config: TOWNS,
    asked: ['GET /towns passes', 'bob: GET /towns passes', 'GET /towns is refused'],
  },
  {
    says: 'groups of a zone share a user’s counter, each with its own limit',
    config: {
      '^/user': [
        { minute: 2, zone: 'z' },
        { minute: 4, zone: 'z', group: 'admin' },
      ],
    },
    asked: [
      'GET /user passes',
      'GET /user passes',
      'GET /user is refused',
      'alice as admin: GET /user passes',
      'alice as admin: GET /user passes',
      'alice as admin: GET /user is refused',
    ],
  },
  {
    says: 'methods of a zone are pools apart',
    config: {
      '^/towns': [
        { minute: 1, zone: 'z', method: 'get' },
        { minute: 1, zone: 'z', method: 'post' },
      ],
    },
    asked: ['GET /towns passes', 'GET /towns is refused', 'POST /towns passes'],
  },
  {
    says: 'rules of a zone share a window only where both have it',
    config: { '^/towns': [{ minute: 1, zone: 'z' }], '^/lakes': [{ hour: 1, zone: 'z' }] },
    asked: ['GET /towns passes', 'GET /lakes passes', 'GET /lakes is refused'],
  },
  {
    says: 'every window of a rule must have room',
    config: { '^/towns': [{ second: 1, minute: 2 }] },
    asked: ['GET /towns passes', 'GET /towns is refused', '1s', 'GET /towns passes', '1s', 'GET /towns is refused'],
  },
  {
    says: 'a request that is refused costs nothing in any window',
    config: { '^/towns': [{ second: 1, minute: 3 }] },
    asked: [
      'GET /towns passes',
      'GET /towns is refused',
      'GET /towns is refused',
      '1s',
      'GET /towns passes',
      '1s',
      'GET /towns passes',
    ],
  },
  ...(
    [
      ['second', '1s'],
      ['minute', '1m'],
      ['hour', '1h'],
      ['day', '1d'],
      ['month', '31d'],
    ] as const
  ).map(
    ([window, length]): Line => ({
      says: `a ${window} starts at the first request and is over ${length} after it`,
      config: { '^/towns': [{ [window]: 2 }] },
      asked: [
        '400ms',
        'GET /towns passes',
        '700ms',
        'GET /towns passes',
        'GET /towns is refused',
        ...(length === '1s' ? ['299ms'] : [length, '-701ms']),
        'GET /towns is refused',
        '1ms',
        'GET /towns passes',
      ],
    }),
  ),
  {
    says: 'a block refuses the user on every limited path',
    config: { '^/towns': [{ second: 1, block_time: 60 }], '^/lakes': [{ second: 5 }] },
    asked: [
      'GET /lakes passes',
      'GET /towns passes',
      'GET /towns is refused',
      'GET /towns/oslo is refused',
      'GET /lakes is refused',
      'bob: GET /lakes passes',
      '59s',
      'GET /lakes is refused',
      '1s',
      'GET /lakes passes',
      'GET /towns passes',
    ],
  },
  {
    says: 'requests while blocked do not make the block longer',
    config: { '^/towns': [{ second: 1, block_time: 60 }] },
    asked: ['GET /towns passes', 'GET /towns is refused', '30s', 'GET /towns is refused', '30s', 'GET /towns passes'],
  },
  {
    says: 'a blocked user passes where a rule is unlimited',
    config: { '^/towns': [{ second: 1, block_time: 60 }], '^/open': [{ block_time: 60 }] },
    asked: ['GET /towns passes', 'GET /towns is refused', 'GET /open passes'],
  },
]

describe('a configuration of asgi-ratelimit', () => {
  it.each(LINES.map((line) => [line.says, line] as const))('%s', async (_, { config, asked }) => {
    const { ask, clock } = scene(config)
    for (const [index, step] of asked.entries()) {
      const [, by = 'alice', request, expected] = STEP.exec(step) ?? []
      if (request === undefined) clock.advance(step.startsWith('-') ? -parseDuration(step.slice(1)) : step)
      else
        expect([index, step, KINDS[(await ask(request, by.replace('nobody', ''))).kind]]).toEqual([
          index,
          step,
          expected,
        ])
    }
  })
})
