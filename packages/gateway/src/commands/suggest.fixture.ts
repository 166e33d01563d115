import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { sharedFolder } from '../../test/support/folder.js'
import { lintPolicy } from '../lint/lint.js'
import { loadPolicyFile } from '../policy-file/load-policy-file.js'
import type { ReplayResult } from '../replay/result.js'
import type { Suggestion } from '../suggest/suggestion.js'
import { recordingTerminal } from '../terminal/terminal.fixture.js'
import { replay } from './replay.js'
import { schemaFaults } from './schema.fixture.js'
import type { SuggestOptions } from './suggest.js'
import { suggest } from './suggest.js'

const folder = sharedFolder()
/** A file of the test's own folder. */
export const at = (name: string) => join(folder, name)

/** One request of a log. */
export interface Request {
  /** From the 1st of January 2026, UTC. */
  readonly second: number
  readonly client: string
  readonly request?: string
  readonly status?: number
  readonly agent?: string
}

/** Its line in a log. */
export function line({ second, client, request = 'GET /towns', status = 200, agent = 'Mozilla/5.0' }: Request): string {
  const [, day, time] = /-(\d\d)T(.{8})/.exec(new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString()) ?? []
  return `${client} - - [${day}/Jan/2026:${time} +0000] "${request} HTTP/1.1" ${status} 12 "-" "${agent}"\n`
}

/** A log in order of time. */
export function logOf(requests: readonly Request[]): string {
  return requests
    .toSorted((a, b) => a.second - b.second)
    .map(line)
    .join('')
}

/** Clients number 1 to `count`, of which each asks so many times within one minute of its own. */
export function clients(count: number, times: (nth: number) => number, request?: string): Request[] {
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: times(i + 1) }, (_each, nth) => ({
      second: i * 60 + (nth % 60),
      client: `10.0.${Math.floor(i / 200)}.${(i % 200) + 1}`,
      ...(request !== undefined && { request }),
    })),
  ).flat()
}

/** Runs `suggest` on a log, with nothing held out unless said otherwise. */
export async function run(log: string, options: Partial<SuggestOptions> = {}) {
  await writeFile(at('access.log'), log)
  const terminal = recordingTerminal()
  const wanted = { utcOffset: 0, refuse: 0.001, holdOut: 0, ...options }
  const code = await suggest([at('access.log')], wanted, terminal)
  return { code, out: terminal.outs.join('\n'), err: terminal.errs.join('\n') }
}

/** The suggestion for a log, whose policy is sound. */
export async function suggested(log: string, options: Partial<SuggestOptions> = {}): Promise<Suggestion> {
  const { code, out, err } = await run(log, { json: true, ...options })
  expect({ code, err }).toMatchObject({ code: 0 })
  const suggestion = JSON.parse(out) as Suggestion
  expect(schemaFaults('suggest', suggestion)).toEqual([])
  await writeFile(at('policy.yaml'), suggestion.yaml)
  expect(lintPolicy((await loadPolicyFile(at('policy.yaml'), {})).policy)).toEqual([])
  return suggestion
}

/** What a replay of the last log says of the last suggested policy. */
export async function replayed(options: object = {}): Promise<ReplayResult> {
  const terminal = recordingTerminal()
  const wanted = { policy: at('policy.yaml'), utcOffset: 0, top: 10, json: true, ...options }
  expect(await replay([at('access.log')], wanted, {}, terminal)).toBe(0)
  return JSON.parse(terminal.outs.join('')) as ReplayResult
}

/** The least limit that was found for a rule and a window. */
export function needed({ rules }: Suggestion, name: string, window: string): number | undefined {
  return rules.find((rule) => rule.name === name)?.quotas.find(({ quota }) => quota.endsWith(window))?.needed
}
