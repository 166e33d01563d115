import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { LoadOptions } from '../../src/commands/load.js'
import { load } from '../../src/commands/load.js'
import { schemaFaults } from '../../src/commands/schema.fixture.js'
import type { LoadResult } from '../../src/load/result.js'
import { recordingTerminal } from '../../src/terminal/terminal.fixture.js'

const SECOND = 1_000_000

const DEFAULTS = {
  ...{ rate: 100, duration: 3 * SECOND, clients: 8, timeout: 10 * SECOND },
  ...{ method: 'GET', header: [], path: [] },
}

/** Loads as the command line starts them, with policies in a folder. */
export function loadsIn(folder: string) {
  async function run(url: string, options: Partial<LoadOptions> = {}, signal = new AbortController().signal) {
    const terminal = recordingTerminal()
    const surroundings = { policy: join(folder, 'none.yaml'), signal }
    const code = await load(url, { ...DEFAULTS, ...options }, {}, terminal, surroundings)
    return { code, out: terminal.outs.join('\n'), err: terminal.errs.join('\n') }
  }

  async function judged(url: string, options: Partial<LoadOptions> = {}, signal?: AbortSignal) {
    const { code, out, err } = await run(url, { ...options, json: true }, signal)
    const result = JSON.parse(out) as LoadResult
    expect(schemaFaults('load', result)).toEqual([])
    return { code, err, result }
  }

  async function policyFile(name: string, policy: object): Promise<string> {
    const file = join(folder, name)
    await writeFile(file, JSON.stringify(policy))
    return file
  }

  return { run, judged, policyFile }
}
