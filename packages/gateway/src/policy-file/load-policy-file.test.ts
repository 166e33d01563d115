// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a policy file names a variable
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sharedFolder } from '../../test/support/folder.js'
import type { Fault } from './fault.js'
import { PolicyFileError } from './fault.js'
import { loadPolicyFile } from './load-policy-file.js'

const folder = sharedFolder()

async function load(text: string | Uint8Array, env: NodeJS.ProcessEnv = {}, name = 'spillway.yaml') {
  const file = join(folder, name)
  await writeFile(file, text)
  return loadPolicyFile(file, env)
}

async function faultsOf(loading: Promise<unknown>): Promise<readonly Omit<Fault, 'file'>[]> {
  const error: unknown = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof PolicyFileError)) throw error ?? new Error('the file has no faults')
  return error.faults.map(({ file, ...fault }) => fault)
}

const sound = 'rules:\n  - path: /towns\n    quotas: 1/second\n'

test('a sound file is a policy that knows its places', async () => {
  const { policy, positionOf } = await load(sound)

  expect(policy.layers[0]?.rules[0]?.matches.source).toBe('/towns')
  expect(positionOf(['rules', 0, 'quotas'])).toEqual({ line: 3, column: 5 })
})

test('a byte order mark and Windows line ends play no part', async () => {
  const { positionOf } = await load(`\ufeff${sound.replaceAll('\n', '\r\n')}`)

  expect(positionOf(['rules', 0, 'quotas'])).toEqual({ line: 3, column: 5 })
})

test('JSON is read by its name', async () => {
  const { policy } = await load(
    '{ "rules": [{ "path": "/a", "quotas": { "limit": "${N}", "window": "1s" } }] }',
    { N: '7' },
    'p.json',
  )

  expect(policy.layers[0]?.rules[0]?.quotas[0]?.quota.limit).toBe(7)
})

test('rules with expressions run in linear time', async () => {
  const { policy } = await load("rules: [{ regex: '/(a+)+$', quotas: 1/s }]")

  expect(policy.layers[0]?.rules[0]?.matches.test(`/${'a'.repeat(5_000)}!`)).toBe(false)
})

test('what an alias repeats is at fault in the order of the file too', async () => {
  const faults = await faultsOf(
    load(
      'rules:\n  - { path: /a, quotas: &q { limit: 1, window: 1s, limit: 2 } }\n  - { path: /b, path: /c, quotas: *q }\n',
    ),
  )
  expect(faults.map(({ line, path }) => [line, path])).toEqual([
    [2, 'rules[0].quotas.limit'],
    [2, 'rules[1].quotas.limit'],
    [3, 'rules[1].path'],
  ])
})

test('every fault comes at once, in the order of the file, each with its line and column', async () => {
  const faults = await faultsOf(
    load(
      'rules:\n  - path: /a\n    qoutas: 1/s\n  - path: /b\n    quotas: "${UNSET}"\n  - path: /c\n    quotas: 1/s\n    cost: -1\n',
    ),
  )

  expect(faults.map(({ line, column, path }) => `${line}:${column} ${path}`)).toEqual(
    expect.arrayContaining(['3:5 rules[0].qoutas', '5:14 rules[1].quotas', '8:5 rules[2].cost']),
  )
  expect(faults.find(({ path }) => path === 'rules[0].qoutas')?.message).toContain('quotas')
  expect(faults.filter(({ path }) => path === 'rules[1].quotas')).toHaveLength(1)
})

test.each(['.nan', '.inf', '-1', '0', '"10"', '1.5', '9007199254740993', '[10]', '~'])(
  'limit: %s is refused',
  async (limit) => {
    const faults = await faultsOf(load(`rules:\n  - path: /a\n    quotas: { limit: ${limit}, window: 1s }\n`))

    expect(faults).toMatchObject([{ line: 3, path: expect.stringMatching(/^rules\[0\]\.quotas/) }])
  },
)

test('a key __proto__ is an unknown key', async () => {
  const faults = await faultsOf(load(`${sound}__proto__: { strictPaths: true }\n`))

  expect(faults).toMatchObject([{ line: 4, column: 1, path: expect.stringContaining('__proto__') }])
  expect(({} as { strictPaths?: boolean }).strictPaths).toBeUndefined()
})

test('a file over a megabyte is refused by its size, before it is read', async () => {
  const file = join(folder, 'large.yaml')
  await writeFile(file, '')
  await truncate(file, 50_000_000)
  const started = performance.now()

  expect(await faultsOf(loadPolicyFile(file, {}))).toMatchObject([
    { message: expect.stringContaining('50000000 bytes') },
  ])
  expect(performance.now() - started).toBeLessThan(200)
})

test('a missing file says what writes one, a folder what to name', async () => {
  await mkdir(join(folder, 'sub'))

  expect(await faultsOf(loadPolicyFile(join(folder, 'none.yaml'), {}))).toMatchObject([
    { line: 1, column: 1, message: expect.stringContaining('spillway init') },
  ])
  expect(await faultsOf(loadPolicyFile(join(folder, 'sub'), {}))).toMatchObject([
    { message: expect.stringContaining('not a file') },
  ])
})

test('an empty file, one of nothing but a list, and one that is not text are faults', async () => {
  expect(await faultsOf(load(''))).toMatchObject([{ message: expect.stringContaining('empty') }])
  expect(await faultsOf(load('- 1\n'))).toHaveLength(1)
  expect(await faultsOf(load(Uint8Array.of(0x61, 0xff)))).toMatchObject([{ message: expect.stringContaining('UTF-8') }])
})

test('no message holds the value of a variable', async () => {
  const env = { S: 'hunter2-hunter2', N: '-12345' }
  const texts = [
    'rules: [{ path: /a, quotas: "${S}" }]',
    'rules: [{ path: /a, quotas: "10/${S}" }]',
    'rules: [{ path: "${S}", quotas: 1/s }]',
    'rules: [{ path: /a, quotas: 1/s, mode: "${S}", name: "${S}", partition: "${S}" }]',
    'rules: [{ path: /a, quotas: { limit: "${N}", window: 1s } }]',
    'listen: "${S}"\nupstream: "${S}"\nstore: "${S}"\nrules: [{ path: /a, quotas: 1/s }]',
    'admin: { listen: 0.0.0.0:1, token: "${N}${S}" }\nidentity: [{ ip: { trustedProxies: ["${S}"] } }]\nrules: [{ regex: "(${S}", quotas: 1/s }]',
    'rules:\n  - { path: /a, name: "${S}", quotas: 1/s }\n  - { path: /b, name: "${S}", quotas: 1/s }',
  ]
  for (const text of texts) {
    const messages = (await faultsOf(load(text, env))).map(({ message, path }) => `${path} ${message}`)
    expect(messages.length).toBeGreaterThan(0)
    for (const message of messages) expect(message).not.toMatch(/hunter|12345/)
  }
})

test.each(['${N}', '"${N}"', '"${UNSET:-7}"'])(
  'where text is wanted, %s is not told to stand in quotes',
  async (group) => {
    const policy = (value: string) => `rules:\n  - path: /a\n    quotas: 1/s\n    group: ${value}`

    expect(await faultsOf(load(policy(group), { N: '7' }))).toMatchObject([
      {
        path: 'rules[0].group',
        message: expect.stringMatching(/: quotes do not keep .* text, `!!str` before it does$/),
      },
    ])
    expect((await load(policy(`!!str ${group}`), { N: '7' })).policy.layers).toHaveLength(1)
  },
)
