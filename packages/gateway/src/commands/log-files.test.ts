import { link, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { recordingTerminal } from '../terminal/terminal.fixture.js'
import type { ReplayOptions } from './replay.js'
import { replay } from './replay.js'
import { suggest } from './suggest.js'

function line(second: number, target = '/', address = '203.0.113.7'): string {
  const time = new Date(second * 1000).toISOString().slice(11, 19)
  return `${address} - - [17/May/2015:${time} +0000] "GET ${target} HTTP/1.1" 200 12 "-" "Mozilla/5.0"\n`
}

/** A folder with a policy, and what `replay` says there. */
async function replaying() {
  const folder = temporaryFolder()
  const at = (name: string) => join(folder, name)
  await writeFile(at('policy.yaml'), 'rules: [{ path: /**, quotas: 100/second }]')
  const run = async (logs: readonly string[], options: Partial<ReplayOptions> = {}) => {
    const terminal = recordingTerminal()
    const wanted = { policy: at('policy.yaml'), utcOffset: 0, top: 10, json: true, ...options }
    const code = await replay(logs.map(at), wanted, {}, terminal)
    return { code, out: terminal.outs.join('\n'), err: terminal.errs.join('\n') }
  }
  return { at, run }
}

test('a file that is named twice, by a pattern or a link too, is read once: nobody has asked for twice as much', async () => {
  const { at, run } = await replaying()
  await writeFile(at('access.log'), line(0) + line(1))
  await writeFile(at('access.log.1'), line(2))
  await symlink('access.log', at('current.log'))
  await link(at('access.log'), at('same.log'))
  await mkdir(at('more'))

  const { out } = await run(['access.log', 'access.log*', 'more/../access.log.1', 'current.log', 'same.log'])
  expect(JSON.parse(out)).toMatchObject({
    requests: 3,
    logs: [{ file: at('access.log') }, { file: at('access.log.1') }],
  })
})

test.each([
  [{ by: 'header', name: 'x-api-key' }, 'no line has the header x-api-key'],
  [{ by: 'query', name: 'key' }, 'no line has key in its query'],
  [{ by: 'remote-user' }, 'no line names a user'],
] as const)('what --user names and no line has is said, by replay and by suggest: %j', async (user, what) => {
  const { at, run } = await replaying()
  await writeFile(at('access.log'), line(0) + line(1, '/', '203.0.113.8'))
  const said = `${what}: --user tells nobody apart, and addresses count`
  expect((await run(['access.log'], { user })).err).toContain(said)

  const terminal = recordingTerminal()
  await suggest([at('access.log')], { user, utcOffset: 0, refuse: 0.001, holdOut: 0 }, terminal)
  expect(terminal.errs.join('\n')).toContain(`note: ${said}`)
})

test('what --user names and some line has is not said to be missing', async () => {
  const { at, run } = await replaying()
  await writeFile(at('access.log'), line(0) + line(1, '/?key=mia'))
  expect((await run(['access.log'], { user: { by: 'query', name: 'key' } })).err).not.toContain('no line has')
  await writeFile(at('access.log'), '')
  expect((await run(['access.log'], { user: { by: 'query', name: 'key' } })).err).not.toContain('no line has')
})

test('a log with the newest line first is said to be one, by replay and by suggest', async () => {
  const { at, run } = await replaying()
  const lines = Array.from({ length: 300 }, (_, i) => line(30 * (300 - i), '/', `203.0.113.${i % 9}`))
  await writeFile(at('access.log'), lines.join(''))
  const advice = 'is it the newest line first? `tac` turns that round'
  expect((await run(['access.log'], { json: false })).err).toMatch(
    /\d+ lines came more than a minute too late: decided/,
  )
  expect((await run(['access.log'], { json: false })).err).toContain(advice)

  const terminal = recordingTerminal()
  await suggest([at('access.log')], { utcOffset: 0, refuse: 0.001, holdOut: 0 }, terminal)
  expect(terminal.errs.join('\n')).toContain(advice)

  await writeFile(at('access.log'), lines.toReversed().join('') + line(30))
  expect((await run(['access.log'], { json: false })).err).not.toContain(advice)
})

test.each(['plain', 'packed'])('the byte order mark before a log is no part of its first address: %s', async (how) => {
  const { at, run } = await replaying()
  const log = Buffer.from(`\ufeff${line(0)}${line(1)}`)
  await writeFile(at('access.log'), how === 'packed' ? gzipSync(log) : log)
  const { out } = await run(['access.log'])
  expect(JSON.parse(out)).toMatchObject({ requests: 2, clients: 1, unparsed: { lines: 0 } })
})

test('a log in UTF-16 is said to be', async () => {
  const { at, run } = await replaying()
  await writeFile(at('access.log'), Buffer.from(`\ufeff${line(0)}`, 'utf16le'))
  expect(await run(['access.log'])).toEqual({
    code: 1,
    out: '',
    err: `spillway: ${at('access.log')}: it is in UTF-16: save it as UTF-8`,
  })
})
