import { describe, expect, it } from 'vitest'
import { isVariable, literalStart } from './cover.js'
import { scene } from './guard.fixture.js'

const told = (...[config, options]: Parameters<typeof scene>) =>
  scene(config, options).warnings.map(({ path, message }) => `${path}: ${message}`)

describe('the warnings', () => {
  it('are none for a configuration without holes', () => {
    expect(
      told({
        '^/towns$': [{ second: 1 }, { second: 5, group: 'admin' }],
        '^/user/\\d+': [
          { minute: 200, zone: 'users' },
          { minute: 500, zone: 'users', group: 'admin' },
        ],
      }),
    ).toEqual([])
  })

  it.each([
    [
      'a rule behind one that takes all of its requests',
      { '^/towns': [{ second: 1 }, { minute: 5, method: 'get' }] },
      ['config["^/towns"][1]: never applies: config["^/towns"][0] takes all of its requests'],
    ],
    [
      'a pattern behind one that begins alike',
      { '^/user': [{ second: 1 }], '^/users/admin$': [{ minute: 5 }] },
      ['config["^/users/admin$"][0]: never applies: config["^/user"][0] takes all of its requests'],
    ],
    [
      'a group that a pattern forgets',
      { '^/towns': [{ second: 1 }, { group: 'admin' }], '^/lakes': [{ second: 1, group: 'admin' }] },
      ['config["^/lakes"]: has no rule for the group "default": it passes without a limit'],
    ],
    [
      'methods that a pattern forgets',
      { '^/towns': [{ second: 1, method: 'get' }] },
      [
        'config["^/towns"]: has rules for the group "default" for GET only: other methods, HEAD among them, pass without a limit',
      ],
    ],
    [
      'paths that a client may walk through',
      { '/user/\\d+': [{ minute: 1 }] },
      [
        'config["/user/\\\\d+"][0]: counts each path of its pattern alone: who walks through them is never refused; give it a `zone`',
      ],
    ],
    [
      'a block on a rule that is unlimited',
      { '^/towns': [{ block_time: 60 }] },
      ['config["^/towns"][0]: is unlimited: its `block_time` does nothing'],
    ],
    [
      'an unlimited rule where others block',
      { '^/towns': [{ second: 1, block_time: 60 }], '^/open': [{}] },
      ['config["^/open"][0]: is unlimited: a user who is blocked elsewhere passes here'],
    ],
    [
      'a zone over two methods',
      { '^/towns': [{ second: 1, zone: 'z' }], '^/lakes': [{ second: 1, zone: 'z', method: 'post' }, { second: 1 }] },
      [
        'config["^/lakes"][0]: shares no counts with config["^/towns"][0]: rules of one zone do so for the same `method` only, and these have * and POST',
      ],
    ],
    [
      'a zone over different windows',
      {
        '/user': [
          { minute: 200, zone: 'z' },
          { second: 100, zone: 'z', group: 'admin' },
        ],
      },
      [
        'config["/user"][1]: shares with config["/user"][0] only windows that both have: one has minute, the other second',
      ],
    ],
    [
      'characters that are encoded in paths',
      { '^/städte': [{ second: 1 }] },
      ['config["^/städte"]: has characters that stand percent-encoded in paths: write %C3%A4 for ä, %20 for a space'],
    ],
  ])('tell of %s', (_, config, warnings) => {
    expect(told(config)).toEqual(warnings)
  })

  it('leave a group and a method to a later pattern that takes them all', () => {
    expect(
      told({ '^/towns$': [{ second: 1, method: 'get', group: 'admin' }], '^/': [{}, { group: 'admin' }] }),
    ).toEqual([])
  })

  it('ask for a decision about spelling', () => {
    const { warnings } = scene({ '^/towns$': [{ second: 1 }] }, { strictPaths: undefined as unknown as boolean })
    expect(warnings.map(({ path }) => path)).toEqual(['strictPaths'])
  })

  it('tell of a slash at the end that no path has any more', () => {
    expect(told({ '^/api/': [{ second: 1 }] }, { strictPaths: false })).toEqual([
      'config["^/api/"]: ends in a slash, which is dropped from paths unless `strictPaths` is true: leave it out',
    ])
  })
})

describe('what an expression begins with', () => {
  it.each([
    ['^/user/\\d+', '/user/', true],
    ['/towns', '/towns', false],
    ['^/towns$', '/towns', false],
    ['^/v1\\.0/', '/v1.0/', false],
    ['^/towns?', '/town', true],
    ['^/a|^/b', '', true],
    ['.*', '', true],
    ['^/(?i)towns', '', true],
  ])('%s: %j', (source, start, variable) => {
    expect(literalStart(source)).toBe(start)
    expect(isVariable(source)).toBe(variable)
  })
})
