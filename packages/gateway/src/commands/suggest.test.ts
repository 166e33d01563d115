import { readFile, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { loadPolicyFile } from '../policy-file/load-policy-file.js'
import { recordingTerminal } from '../terminal/terminal.fixture.js'
import type { Request } from './suggest.fixture.js'
import { at, clients, line, logOf, needed, replayed, run, suggested } from './suggest.fixture.js'
import { addSuggest } from './suggest-command.js'

describe('suggest finds', () => {
  test('the least limit that refuses no more than it may, and writes it with headroom', async () => {
    // Peaks of 1 to 200 an hour: of 200 clients two may be refused, so that the third highest is needed.
    const suggestion = await suggested(logOf(clients(200, (nth) => nth)), { refuse: 0.01 })

    expect(suggestion.rules.map(({ name }) => name)).toEqual(['towns', 'everything-else'])
    expect(suggestion.rules[0]?.quotas.find(({ quota }) => quota.endsWith('/hour'))).toEqual({
      quota: '250/hour',
      limit: 250,
      needed: 198,
      median: 100,
      p99: 198,
      highest: 200,
    })
  })

  test.each([
    [0.07, 93],
    [0.29, 71],
    [0.295, 71],
  ])('the share that may be refused as it is written: %d of 100 clients are whole ones', async (refuse, least) => {
    expect(needed(await suggested(logOf(clients(100, (nth) => nth)), { refuse }), 'towns', 'minute')).toBe(least)
  })

  test('nothing that refuses anybody where nobody may be refused', async () => {
    const log = logOf(clients(200, (nth) => nth))
    expect(needed(await suggested(log, { refuse: 0 }), 'towns', 'hour')).toBe(200)
    expect(await replayed()).toMatchObject({ refused: { requests: 0 } })
  })

  test('limits for several routes that together refuse no more than they may', async () => {
    // On each of four routes another client is the busiest. Of 100 clients 1 % is one, on each route and on all of them.
    const routes = ['a', 'b', 'c', 'd'].flatMap((name, i) =>
      clients(100, (nth) => (nth === i + 1 ? 30 + 5 * i : 1 + (nth % 7)), `GET /${name}`),
    )
    const { fitted, rules } = await suggested(logOf(routes), { refuse: 0.01 })

    expect(fitted.legitimate).toEqual({ clients: 100, refused: 1, share: 0.01 })
    expect(rules.map(({ name, refused }) => [name, refused])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 0],
      ['d', 1],
      ['everything-else', 0],
    ])
  })

  test('whom it refuses: exactly those whom a replay of the written file refuses', async () => {
    const log = logOf([
      ...clients(300, (nth) => 1 + (nth % 40)),
      ...clients(3, () => 300),
      ...clients(50, (nth) => nth, 'GET /users/7'),
    ])
    const suggestion = await suggested(log, { refuse: 0.02 })
    const result = await replayed()

    expect(suggestion.whole).toMatchObject({
      requests: result.requests,
      refusedRequests: result.refused.requests,
      all: { clients: result.clients, refused: result.refused.clients, share: result.refused.clientShare },
    })
    expect(suggestion.fitted).toEqual(suggestion.whole)
    expect(suggestion.rules.map(({ name, requests }) => [name, requests])).toEqual(
      result.rules.map(({ name, requests }) => [name, requests]),
    )
  })

  test('an outlier, a bot and a scanner, and lets none of them widen a limit', async () => {
    const bot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
    const others: Request[] = Array.from({ length: 500 }, (_, nth) => [
      { second: nth % 60, client: '192.0.2.1' },
      { second: nth % 60, client: '192.0.2.2', agent: bot },
      { second: nth % 60, client: '192.0.2.3', status: 404 },
    ]).flat()
    const suggestion = await suggested(logOf([...clients(100, (nth) => 1 + (nth % 8)), ...others]))

    expect(suggestion.outliers.byKind).toEqual({ bot: 1, rejected: 1, heavy: 1 })
    expect(Object.fromEntries(suggestion.outliers.first.map(({ name, suspicion }) => [name, suspicion]))).toEqual({
      'ip:192.0.2.1': { kind: 'heavy', rule: 'towns', window: 'minute', peak: 500, next: 8 },
      'ip:192.0.2.2': { kind: 'bot', name: 'Googlebot' },
      'ip:192.0.2.3': { kind: 'rejected', share: 1 },
    })
    expect(suggestion.rules[0]).toMatchObject({ refused: 0, outliersRefused: { bot: 1, rejected: 1, heavy: 1 } })
    expect(needed(suggestion, 'towns', 'minute')).toBe(8)
  })

  test('where people log in: by address, with a block if somebody tries passwords', async () => {
    const login = { request: 'POST /login', status: 401 }
    const people = clients(60, (nth) => 1 + (nth % 2)).map((request) => ({ ...request, ...login }))
    const reading = clients(60, () => 20)
    expect((await suggested(logOf([...people, ...reading]))).rules[0]).toMatchObject({
      name: 'login',
      kind: 'login',
      method: 'POST',
    })
    expect((await suggested(logOf([...people, ...reading]))).rules[0]).not.toHaveProperty('block')

    const robber = Array.from({ length: 200 }, (_, second) => ({ second, client: '192.0.2.66', ...login }))
    const { rules, yaml } = await suggested(logOf([...people, ...reading, ...robber]))
    expect(rules[0]).toMatchObject({ name: 'login', block: '15 minutes', outliersRefused: { rejected: 1 } })
    expect(yaml).toContain('partition: ip')
    expect(await replayed()).toMatchObject({ blocked: { clients: 1 } })
  })

  test('windows that the log is long enough for', async () => {
    const hours = (count: number) =>
      logOf(
        Array.from({ length: 40 * count }, (_, nth) => ({
          second: nth * 90,
          client: `10.0.0.${1 + (nth % 20)}`,
        })),
      )
    const day = (log: string) => suggested(log).then(({ yaml }) => /\d\/day/.test(yaml))
    expect(await day(hours(20))).toBe(false)
    expect(await day(hours(70))).toBe(true)
  })
})

describe('suggest holds out', () => {
  test('the last requests: it does not fit them, and reports what a replay of them alone says', async () => {
    const busy = clients(100, (nth) => 1 + (nth % 8))
    const later = clients(20, (nth) => (nth <= 5 ? 60 : 3)).map(({ second, client }) => ({
      second: second + 86_400,
      client: client.replace('10.0', '10.9'),
    }))
    const log = logOf([...busy, ...later])
    const holdOut = later.length / (busy.length + later.length)
    const suggestion = await suggested(log, { holdOut })

    expect(needed(suggestion, 'towns', 'minute')).toBe(8)
    expect(suggestion.fitted).toMatchObject({ requests: busy.length, legitimate: { refused: 0 } })
    expect(suggestion.heldOut).toMatchObject({ requests: later.length, legitimate: { clients: 20, refused: 5 } })
    expect(suggestion.notes.join()).toContain('held out')

    await writeFile(at('access.log'), logOf(later))
    const { refused, clients: all } = await replayed()
    expect(suggestion.heldOut?.all).toEqual({ clients: all, refused: refused.clients, share: refused.clientShare })
  })
})

test.each([
  ['0.7%', 7 / 1_000],
  ['29 %', 29 / 100],
  ['0.001', 1 / 1_000],
  ['0', 0],
])('a share of %s is read as a decimal', (text, share) => {
  const program = new Command()
  addSuggest(program, recordingTerminal())
  const [command] = program.commands
  command?.parseOptions(['--refuse', text])
  expect(command?.opts().refuse).toBe(share)
})

describe('suggest takes a log', () => {
  test('of a few lines: one rule for everything', async () => {
    const { rules, notes } = await suggested(logOf(clients(3, () => 2)))
    expect(rules).toMatchObject([{ name: 'everything-else', quotas: [{ limit: 5, needed: 2 }] }])
    expect(notes.join()).toContain('3 legitimate clients say little')
  })

  test('of one client: it is refused nothing', async () => {
    const suggestion = await suggested(logOf(clients(1, () => 500)))
    expect(suggestion).toMatchObject({
      outliers: { first: [] },
      whole: { legitimate: { clients: 1, refused: 0 } },
    })
  })

  test.each([
    ['', 'there is no request'],
    [line({ second: 1, client: '192.0.2.1', agent: 'Googlebot/2.1' }), 'no client of these logs looks legitimate'],
  ])('%j: nothing is suggested, and it says why', async (log, reason) => {
    const { code, out, err } = await run(log)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(reason)
  })

  test('whose users are named in a header, with their groups', async () => {
    const entries = Array.from({ length: 40 }, (_, nth) => ({
      time: 1_767_225_600 + nth,
      ip: '192.0.2.1',
      method: 'GET',
      uri: '/towns',
      status: 200,
      http_x_api_key: `key-${nth % 4}`,
    }))
    const log = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
    const user = { by: 'header', name: 'x-api-key' } as const

    const open = await suggested(log, { user })
    expect(open.yaml).toContain('- header: { name: x-api-key, verified: true }')
    expect(open.whole.all.clients).toBe(4)

    await writeFile(at('groups.csv'), `key-0,gold\nkey-1,"no"\nkey-2,true\nkey-3,a: ${'$'}{b}\n`)
    expect((await suggested(log, { user: { by: 'remote-user' } })).yaml).toContain('# - jwt: { secret: "$')

    const known = await suggested(log, { user, groups: at('groups.csv') })
    expect(known.yaml).toContain(`groups: { "key-0": gold, "key-1": "no", "key-2": "true", "key-3": "a: $${'$'}{b}" }`)
    expect(known.whole.all.clients).toBe(4)
  })
})

describe('suggest writes', () => {
  const log = logOf(clients(30, () => 3))

  test('to standard output, and tells a person the rest on standard error', async () => {
    const { out, err } = await run(log)
    await writeFile(at('out.yaml'), out)
    expect((await loadPolicyFile(at('out.yaml'), {})).policy.layers[0]?.rules).toHaveLength(2)
    expect(err).toContain('fitted part  90 requests: refuses 0 of 30 clients (0 %) that look legitimate')
    expect(err).toContain(`spillway replay ${at('access.log')} --policy spillway.yaml --report report.html`)
  })

  test('how to replay the same log, asked the same', async () => {
    const user = { by: 'query', name: "it's" } as const
    const { err } = await run(log, { format: 'combined', fields: { time: 'a' }, utcOffset: -19_800, user })
    expect(err).toContain(
      String.raw`access.log --format combined --fields 'time=a' --utc-offset -05:30 --user 'query:it'\''s' --policy`,
    )
  })

  test('to a file, and over one that is there only where it is told to', async () => {
    const output = at('kept.yaml')
    await writeFile(output, 'mine')
    expect(await run(log, { output })).toMatchObject({ code: 1, err: expect.stringContaining('--force replaces it') })
    expect(await readFile(output, 'utf8')).toBe('mine')

    expect(await run(log, { output, force: true })).toMatchObject({ code: 0, out: '' })
    expect(await readFile(output, 'utf8')).toContain('# Suggested by')
  })

  test.each([
    ['', 'it is a folder'],
    ['none/policy.yaml', 'its folder does not exist'],
    ['policy.json', 'Let its name end in .yaml'],
  ])('and says before it reads a log that %j cannot be the file', async (output, why) => {
    const { code, err } = await run(log, { output: at(output), force: true })
    expect(code).toBe(1)
    expect(err.split('\n')).toEqual([expect.stringContaining(why)])
  })
})
