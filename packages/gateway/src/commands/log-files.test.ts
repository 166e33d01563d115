import { link, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import type { ReplayOptions } from './replay.js'
import { replay } from './replay.js'
import { recordingTerminal } from './terminal.fixture.js'

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
