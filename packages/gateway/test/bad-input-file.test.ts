import { execFile } from 'node:child_process'
import { openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from './support/folder.js'

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
const TSCONFIG = fileURLToPath(new URL('../../../tsconfig.json', import.meta.url))

/** Runs `spillway check FILE` as a process of its own. */
function check(file: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const env = { ...process.env, TSX_TSCONFIG_PATH: TSCONFIG }
  const args = ['--import', import.meta.resolve('tsx'), CLI, 'check', file]
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { env }, (_error, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err: err.replaceAll(file, 'p.yaml') })
    })
  })
}

function checkText(text: string) {
  const file = join(temporaryFolder(), 'p.yaml')
  writeFileSync(file, text)
  return check(file)
}

test('a YAML file of 50 MB is refused by its size', async () => {
  const file = join(temporaryFolder(), 'large.yaml')
  const handle = openSync(file, 'w')
  const rules = '  - { path: /towns, quotas: 1/second }\n'.repeat(26_000)
  writeSync(handle, 'rules:\n')
  for (let i = 0; i < 50; i++) writeSync(handle, rules)

  const { code, err } = await check(file)
  expect(code).toBe(1)
  expect(err).toMatch(/^p\.yaml:1:1 error .*the file has 5\d{7} bytes/)
  expect(err.split('\n')).toHaveLength(2)
})

test('a file that is all nesting, or all aliases, is a fault like any other', async () => {
  const laughs = ['l0: &l0 [a, a, a, a, a, a, a, a, a]']
  for (let n = 1; n < 30; n++)
    laughs.push(`l${n}: &l${n} [${Array.from({ length: 9 }, () => `*l${n - 1}`).join(', ')}]`)
  const texts = [
    `rules: ${'['.repeat(100_000)}`,
    `rules: ${'{ a: '.repeat(20_000)}`,
    `${laughs.join('\n')}\nrules: *l29\n`,
  ]
  for (const text of texts) {
    const { code, err } = await checkText(text)
    expect(code).toBe(1)
    expect(err).toMatch(/^p\.yaml:\d+:\d+ error /)
    expect(err).not.toMatch(/RangeError|at .*\.ts:\d+/)
  }
})

test('numbers that are none, and keys that every object has, are faults with their line', async () => {
  const quotas = [
    ...['.nan', '.inf', '-1', '0', '1.5', '"10"', '1e30', '9007199254740993', 'null', 'true', '[1]'].map(
      (limit) => `{ limit: ${limit}, window: 1m }`,
    ),
    ...['.nan', '-1', '60', '"60"', '1e9', '-1m', '0s', 'NaN', 'Infinity', '1.5m'].map(
      (window) => `{ limit: 1, window: ${window} }`,
    ),
    ...['-1/minute', '0/day', 'NaN/minute', '1.5/minute', '10/-1 minute', '10/minute; junk', '10/minte', ''].map(
      (text) => `"${text}"`,
    ),
    ...['{ limit: 1, window: 1m, __proto__: { limit: 99 } }', '{ limit: 1, window: 1m, constructor: 1 }'],
    ...['{ limit: 1, window: 1m, algorithm: __proto__ }', '{ limit: 1, window: 1m, algorithm: toString }'],
  ]
  const lines = quotas.map((quota, i) => `  - { path: /p${i}, quotas: ${quota} }`)
  const { code, out, err } = await checkText(`rules:\n${lines.join('\n')}\n`)
  const faulty = new Set([...err.matchAll(/^p\.yaml:(\d+):\d+ error rules\[/gm)].map(([, line]) => Number(line) - 2))

  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(quotas.filter((_quota, i) => !faulty.has(i))).toEqual([])
})

test('__proto__ as a key is a fault anywhere, and names that every object has mean nothing', async () => {
  const faults = await checkText(
    [
      '__proto__: { strictPaths: true }',
      'identity:',
      '  - header: { name: x-api-key, groups: { k: admin, __proto__: admin } }',
      '  - ip: { __proto__: { trustedProxies: [0.0.0.0/0] } }',
      'rules:',
      '  - { path: /a, quotas: 1/s, __proto__: { cost: 5 } }',
      '  - { path: /b, quotas: 1/s, constructor: { prototype: 1 } }',
    ].join('\n'),
  )
  expect(faults.code).toBe(1)
  for (const line of [1, 3, 4, 6, 7]) expect(faults.err).toMatch(new RegExp(`^p\\.yaml:${line}:\\d+ error `, 'm'))

  const names = await checkText(
    [
      'identity:',
      '  - header: { name: x-api-key, groups: { toString: constructor, valueOf: __proto__ } }',
      '  - ip: {}',
      'rules:',
      '  - { name: toString, zone: constructor, path: /__proto__/**, group: __proto__, quotas: 1/s }',
      '  - { name: hasOwnProperty, zone: valueOf, path: /**, quotas: 1/s }',
    ].join('\n'),
  )
  expect(names).toMatchObject({ code: 0, out: expect.stringContaining('2 rules, 2 quotas') })
})

test('windows of a year and more are taken as they are written, to the end of what can be counted', async () => {
  const sound = await checkText('rules:\n  - { path: /a, quotas: [1/30 days, 5/366 days, 9/10 years], block: 366d }\n')
  expect(sound).toMatchObject({ code: 0, out: expect.stringContaining('3 quotas') })

  const beyond = await checkText('rules:\n  - { path: /a, quotas: 1/300000 years }\n')
  expect(beyond).toMatchObject({ code: 1, err: expect.stringMatching(/^p\.yaml:2:\d+ error rules\[0\]\.quotas/) })
})
