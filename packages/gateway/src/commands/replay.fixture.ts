import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { sharedFolder } from '../../test/support/folder.js'
import type { ReplayResult } from '../replay/result.js'
import { recordingTerminal } from '../terminal/terminal.fixture.js'
import type { ReplayOptions } from './replay.js'
import { replay } from './replay.js'
import { schemaFaults } from './schema.fixture.js'

const POLICY = `rules:
  - { name: login, path: /login, method: POST, quotas: 2/minute, block: 5m }
  - { name: rest, path: /**, quotas: 3/minute }
`

const folder = sharedFolder()
/** A file of the test's own folder. */
export const at = (name: string) => join(folder, name)

interface Request {
  readonly address?: string
  readonly status?: number
  readonly agent?: string
}

/** The line of a request in a log, so many seconds after ten o'clock. */
export function line(
  second: number,
  request: string,
  { address = '203.0.113.7', status = 200, agent = 'Mozilla/5.0' }: Request = {},
): string {
  const time = `17/May/2015:10:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`
  return `${address} - - [${time} +0000] "${request} HTTP/1.1" ${status} 12 "-" "${agent}"\n`
}

/** Runs `replay`, with a policy of 3 requests a minute, and of 2 logins, unless the options name another. */
export async function run(logs: readonly string[], options: Partial<ReplayOptions> = {}) {
  await writeFile(at('policy.yaml'), POLICY)
  const terminal = recordingTerminal()
  const code = await replay(logs, { policy: at('policy.yaml'), utcOffset: 0, top: 10, ...options }, {}, terminal)
  return { code, out: terminal.outs.join('\n'), err: terminal.errs.join('\n') }
}

/** The result for a log, which is as its schema says. */
export async function result(log: string, options: Partial<ReplayOptions> = {}): Promise<ReplayResult> {
  await writeFile(at('access.log'), log)
  const { code, out, err } = await run([at('access.log')], { json: true, ...options })
  expect({ code, err }).toMatchObject({ code: 0 })
  const found = JSON.parse(out) as ReplayResult
  expect(schemaFaults('replay', found)).toEqual([])
  return found
}
