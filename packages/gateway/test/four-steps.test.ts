import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { replay } from '../src/commands/replay.js'
import type { ReplayResult } from '../src/replay/result.js'
import { recordingTerminal } from '../src/terminal/terminal.fixture.js'

const LOG = fileURLToPath(new URL('../../../test/fixtures/access-log-2015.log.gz', import.meta.url))

/** What the rule `all` decides on the real log, in each mode: requests, denials, clients, refused clients. */
async function rulesOn(quotas: string) {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-steps-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const policy = join(folder, 'spillway.yaml')
  await writeFile(policy, `rules: [{ name: all, path: /**, ${quotas} }]`)
  const terminal = recordingTerminal()
  expect(await replay([LOG], { policy, utcOffset: 0, top: 1, json: true }, {}, terminal)).toBe(0)
  const { rules } = JSON.parse(terminal.outs.join('')) as ReplayResult
  return rules.map(({ mode, requests, denied, clients, refusedClients }) => [
    mode,
    ...[requests, denied, clients, refusedClients],
  ])
}

test('the real log comes to what docs/four-steps.md shows, and each way of trial to what the limit does in force', async () => {
  expect(await rulesOn('quotas: 60/minute, candidate: 20/minute')).toEqual([
    ['enforce', 9_999, 87, 1_753, 2],
    ['candidate', 9_999, 931, 1_753, 50],
  ])
  expect(await rulesOn('quotas: 20/minute')).toEqual([['enforce', 9_999, 931, 1_753, 50]])
  expect(await rulesOn('quotas: 20/minute, enforce: 10%')).toEqual([
    ['enforce', 1_129, 71, 164, 5],
    ['shadow', 8_870, 860, 1_589, 45],
  ])
})
