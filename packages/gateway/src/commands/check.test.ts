// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a policy file names a variable
import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { selfSigned } from '../../test/support/certificates.js'
import { sharedFolder } from '../../test/support/folder.js'
import { recordingTerminal } from '../terminal/terminal.fixture.js'
import type { CheckOptions } from './check.js'
import { check } from './check.js'
import { schemaFaults } from './schema.fixture.js'

const folder = sharedFolder()

async function checked(text: string, options: CheckOptions = {}, interactive = false) {
  const file = join(folder, 'p.yaml')
  await writeFile(file, text)
  const terminal = recordingTerminal(interactive)
  const code = await check(file, options, { SECRET: 'hunter2-hunter2' }, terminal)
  const plain = (lines: readonly string[]) => lines.map((line) => line.replaceAll(file, 'p.yaml'))
  return { code, outs: plain(terminal.outs), errs: plain(terminal.errs) }
}

const sound = 'rules:\n  - path: /a\n    quotas: [1/second, 20/minute]\n'
const doubtful = `${sound}    partition: path\n`

test('of a sound file it says what it holds', async () => {
  expect(await checked(sound)).toEqual({ code: 0, errs: [], outs: ['p.yaml: 1 layer, 1 rule, 2 quotas: no faults'] })
})

test('a fault goes to standard error with file, line, column and path, and the code is 1', async () => {
  const { code, outs, errs } = await checked('rules:\n  - path: /a\n    quotas: 10/minte\n  - path: /b\n')

  expect(code).toBe(1)
  expect(outs).toEqual([])
  expect(errs[0]).toMatch(/^p\.yaml:3:5 error rules\[0\]\.quotas: .*minute/)
  expect(errs[1]).toMatch(/^p\.yaml:4:\d+ error rules\[1\]/)
})

test('a warning does not fail, but under strict it does', async () => {
  const lenient = await checked(doubtful)
  expect(lenient.code).toBe(0)
  expect(lenient.errs).toEqual([expect.stringMatching(/^p\.yaml:4:5 warning rules\[0\]\.partition: /)])
  expect(lenient.outs).toEqual(['p.yaml: 1 layer, 1 rule, 2 quotas: 1 warning'])

  const strict = await checked(doubtful, { strict: true })
  expect(strict.code).toBe(1)
  expect(strict.errs).toEqual([expect.stringMatching(/^p\.yaml:4:5 error /)])
  expect(strict.outs).toEqual([])
})

test('for machines it is one JSON object', async () => {
  const { code, outs, errs } = await checked(doubtful, { json: true })

  expect({ code, errs, lines: outs.length }).toEqual({ code: 0, errs: [], lines: 1 })
  expect(JSON.parse(outs[0]!)).toMatchObject({
    faults: [],
    warnings: [{ line: 4, column: 5, path: 'rules[0].partition' }],
    holds: { layers: 1, rules: 1, quotas: 2 },
  })
  const faulty = await checked('rules: 1', { json: true })
  expect(faulty.code).toBe(1)
  expect(JSON.parse(faulty.outs[0]!).faults).toMatchObject([{ line: 1, path: 'rules' }])
  expect([outs, faulty.outs].flatMap(([out]) => schemaFaults('check', JSON.parse(out!)))).toEqual([])
})

test('on a terminal the line of the file follows, with a caret under the place', async () => {
  const { errs } = await checked(doubtful, {}, true)
  const plain = errs.map(stripVTControlCharacters)

  expect(errs[0]).not.toBe(plain[0])
  expect(plain.slice(1)).toEqual(['  4 |     partition: path', '    |     ^'])
})

test('a line that may hold a credential is not shown', async () => {
  const { errs } = await checked(
    `identity:\n  - jwt: { secret: hunter2, algorithms: [HS256] }\n  - jwt:\n      algorithms: [HS256]\n      secret: "\${SECRET}"\n${sound}`,
    {},
    true,
  )

  expect(errs).toHaveLength(2)
  expect(errs.join('\n')).not.toContain('hunter2')
})

test('of a store in Redis no credential is shown, wherever it stands', async () => {
  const inUrl = await checked(`store: redis://mia:hunter2@a/x\n${sound}`, {}, true)
  const beside = await checked(
    `store:\n  redis:\n    url: redis://a\n    password: hunter2\n    tls: {}\n${sound}`,
    {},
    true,
  )
  const fromVariable = await checked(`store: redis://:\${SECRET}@a/x\n${sound}`, {}, true)

  expect([inUrl, beside, fromVariable].map(({ code }) => code)).toEqual([1, 1, 1])
  expect([inUrl, beside, fromVariable].flatMap(({ errs }) => errs)).toHaveLength(3)
  expect(JSON.stringify([inUrl, beside, fromVariable])).not.toContain('hunter2')
})

test('a store that anybody can change, and a file of its TLS that is not there, are warnings', async () => {
  const open = await checked(`store: redis://redis.internal\n${sound}`)
  const secure = await checked(`store: { redis: { url: "rediss://a", tls: { ca: none.pem } } }\n${sound}`)

  expect(open.errs).toEqual([expect.stringMatching(/^p\.yaml:1:\d+ warning store: .*without a password/)])
  expect(secure.errs).toEqual([expect.stringMatching(/^p\.yaml:1:\d+ warning store\.redis\.tls\.ca: /)])
})

test('a file that the policy names and that cannot be read is a warning; names start from the folder of the policy', async () => {
  const tls = `listen: { address: "127.0.0.1:1", tls: { cert: cert.pem, key: none.pem } }\n${sound}`
  await writeFile(join(folder, 'cert.pem'), '')

  expect((await checked(tls)).errs).toEqual([expect.stringMatching(/^p\.yaml:1:\d+ warning listen\.tls\.key: /)])
})

test('a folder, or a pipe that nobody writes to, is no file that can be read', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')])
  for (const file of ['.', 'pipe']) {
    const body = `denied: { body: { file: "${file}", contentType: text/html } }\n${sound}`
    expect((await checked(body)).errs).toEqual([expect.stringMatching(/^p\.yaml:1:\d+ warning denied\.body\.file: /)])
  }
})

test('certificates that a gateway could not use are a warning, which says why', async () => {
  const [one, other] = [selfSigned(folder, 'one', 'one'), selfSigned(folder, 'other', 'other')]
  await writeFile(join(folder, 'none.crt'), 'no certificate\n')
  const tls = async (files: object) =>
    (await checked(`listen: { address: "127.0.0.1:1", tls: ${JSON.stringify(files)} }\n${sound}`)).errs

  expect(await tls(one)).toEqual([])
  expect(await tls({ cert: one.cert, key: other.key })).toEqual([
    expect.stringMatching(/ warning listen\.tls: .* cannot be used: the key is not that of the certificate$/),
  ])
  expect(await tls({ cert: 'none.crt', key: one.key })).toEqual([
    expect.stringMatching(/ warning listen\.tls: .* cannot be used: a file is no PEM/),
  ])
  const upstream = `upstream: { url: "https://a", tls: { ca: none.crt } }\n${sound}`
  expect((await checked(upstream)).errs).toEqual([expect.stringMatching(/ warning upstream\.tls: .*no certificate/)])
})

test('what a policy holds does nothing to a terminal: neither its line that is shown, nor a name in a warning', async () => {
  const text =
    'rules:\n  - { path: /a, quotas: 1/s, group: "g\u202e\u001b[31m" }\n  - { path: /b, quotas: 1/x } # \u001b]0;x\u0007\n'
  const terminal = { ...recordingTerminal(), interactive: true }
  await writeFile(join(folder, 'rude.yaml'), text)
  await check(join(folder, 'rude.yaml'), {}, {}, terminal)
  await writeFile(join(folder, 'rude.yaml'), text.replace('1/x', '1/s'))
  await check(join(folder, 'rude.yaml'), {}, {}, terminal)

  const shown = stripVTControlCharacters(terminal.errs.join('\n'))
  expect(shown).toContain('g\\u202e\\u001b[31m')
  expect(shown).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u)
  expect(terminal.errs.join('\n')).not.toContain('\u001b]0;x')
})
