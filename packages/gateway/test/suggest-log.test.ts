import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { check } from '../src/commands/check.js'
import { replay } from '../src/commands/replay.js'
import { suggest } from '../src/commands/suggest.js'
import type { ReplayResult } from '../src/replay/result.js'
import type { Effect, Suggestion } from '../src/suggest/suggestion.js'
import { recordingTerminal } from '../src/terminal/terminal.fixture.js'
import { accessLog, accessLogLines } from './support/access-log.js'
import { sharedFolder } from './support/folder.js'

const FILE = fileURLToPath(new URL('../../../test/fixtures/access-log-2015.log.gz', import.meta.url))

/** Percentage points that a effect may be off. */
const POINTS = 0.05

const folder = sharedFolder()
const at = (name: string) => join(folder, name)

/** A suggestion for the real log, and the file that its policy is in. */
interface Suggested extends Suggestion {
  readonly policy: string
}

const made = new Map<number, Promise<Suggested>>()

function suggested(refuse: number): Promise<Suggested> {
  const known = made.get(refuse) ?? makeSuggestion(refuse, at(`policy-${refuse}.yaml`))
  made.set(refuse, known)
  return known
}

async function makeSuggestion(refuse: number, policy: string): Promise<Suggested> {
  const terminal = recordingTerminal()
  const options = { utcOffset: 0, refuse, holdOut: 0.2, output: policy, json: true }
  expect(await suggest([FILE], options, terminal)).toBe(0)
  return { ...(JSON.parse(terminal.outs.join('')) as Suggestion), policy }
}

async function replayed(log: string, policy: string): Promise<ReplayResult> {
  const terminal = recordingTerminal()
  expect(await replay([log], { policy, utcOffset: 0, top: 10, json: true }, {}, terminal)).toBe(0)
  return JSON.parse(terminal.outs.join('')) as ReplayResult
}

/** The lines of the log in order of time, those of one time as they stand. */
function linesInOrder(): string[] {
  const lines = accessLogLines()
  const times = accessLog().requests
  expect(lines.length).toBe(times.length)
  return lines
    .map((line, i) => ({ line, at: times[i]?.at ?? 0 }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ line }) => line)
}

function confirm({ all, requests }: Effect, result: ReplayResult): void {
  expect(requests).toBe(result.requests)
  expect(all.clients).toBe(result.clients)
  expect(Math.abs(100 * all.share - 100 * result.refused.clientShare)).toBeLessThan(POINTS)
}

describe.each([0.001, 0.05])('a policy for the real log that may refuse %d', (refuse) => {
  test('is valid, has no warning, and refuses no more legitimate clients than it may', async () => {
    const { fitted, rules, policy } = await suggested(refuse)
    const terminal = recordingTerminal()

    expect(await check(policy, { strict: true }, {}, terminal)).toBe(0)
    expect(terminal.errs).toEqual([])
    expect(fitted.legitimate.clients).toBeGreaterThan(1_000)
    expect(fitted.legitimate.share).toBeLessThanOrEqual(refuse)
    expect(rules.length).toBeGreaterThan(5)
  })

  test('is confirmed by a replay of the log, of its fitted part and of the part that was held out', async () => {
    const { whole, fitted, heldOut, policy } = await suggested(refuse)
    const lines = linesInOrder()
    await writeFile(at('first.log'), lines.slice(0, fitted.requests).join('\n'))
    await writeFile(at('later.log'), lines.slice(fitted.requests).join('\n'))

    confirm(whole, await replayed(FILE, policy))
    confirm(fitted, await replayed(at('first.log'), policy))
    if (heldOut === undefined) throw new Error('a part was held out')
    confirm(heldOut, await replayed(at('later.log'), policy))
    expect(heldOut.requests / whole.requests).toBeCloseTo(0.2, 3)
  })
})

test('of the real log it tells the reader of one tag, who comes all day, from the others', async () => {
  const { outliers, rules } = await suggested(0.001)

  expect(outliers.byKind.bot).toBeGreaterThan(200)
  expect(outliers.first[0]).toMatchObject({ name: 'ip:192.0.2.8', suspicion: { kind: 'heavy', window: 'day' } })
  expect(rules.map(({ path, regex }) => path ?? regex)).toContain('/blog/tags/:slug')
})
