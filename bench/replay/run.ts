/** A process that reads one log once: `FILE POLICY`. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { logFile } from '../../packages/gateway/src/logs/open-log.js'
import { loadPolicyFile } from '../../packages/gateway/src/policy-file/load-policy-file.js'
import { resultOf } from '../../packages/gateway/src/replay/build-result.js'
import { runReplays } from '../../packages/gateway/src/replay/run.js'
import { answerQuestions } from '../lib/worker.js'
import type { Count } from './plain-loop.js'
import { bareMaps, plainLoop } from './plain-loop.js'
import type { Reading } from './reading.js'

const [file = '', policyFile = ''] = process.argv.slice(2)

const MEGABYTE = 1e6
const TENTHS = 10
/** A tick of the times in `/proc`: a hundredth of a second on every Linux. */
const TICK = 0.01

async function timed(read: (memory: number[]) => Count | Promise<Count>): Promise<Reading> {
  const began = performance.now()
  const cpu = process.cpuUsage()
  const children = childrenTime()
  const memory: number[] = []
  const counted = await read(memory)
  const { user, system } = process.cpuUsage(cpu)
  return {
    ...counted,
    processor: (user + system) / 1e6 + childrenTime() - children,
    wall: (performance.now() - began) / 1000,
    memory,
    most: (process.resourceUsage().maxRSS * 1024) / MEGABYTE,
  }
}

/** Seconds of processor time of the processes that this one has started and that have ended. */
function childrenTime(): number {
  const afterName = readFileSync('/proc/self/stat', 'utf8').split(') ')[1] ?? ''
  const [user, system] = afterName.split(' ').slice(13, 15)
  return TICK * (Number(user) + Number(system))
}

async function replay(memory: number[]): Promise<Count> {
  const { policy } = await loadPolicyFile(policyFile, {})
  const log = await logFile(file)
  let read = 0
  const watcher = {
    bytes(count: number) {
      read += count
      const tenth = Math.min(TENTHS - 1, Math.floor((TENTHS * read) / (log.size ?? 1)))
      memory[tenth] = Math.max(memory[tenth] ?? 0, process.memoryUsage.rss() / MEGABYTE)
    },
    lines: () => undefined,
    recognised: () => undefined,
  }
  const options = { utcOffset: 0, fields: {}, stdin: process.stdin }
  const wanted = { policy, demand: false, asking: { groups: new Map<string, string>() } }
  const { replay, findings } = await runReplays([log], wanted, options, watcher)
  const result = resultOf(replay, policyFile, findings, 10)
  return { lines: result.requests, found: result.refused.requests }
}

function goaccess(): Count {
  const report = execFileSync('goaccess', [file, '--log-format=COMBINED', '--no-progress', '--output-format=json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 28,
  })
  const { general } = JSON.parse(report.toString()) as { general: { valid_requests: number; unique_visitors: number } }
  return { lines: general.valid_requests, found: general.unique_visitors }
}

answerQuestions({
  replay: () => timed(replay),
  plain: () => timed(() => plainLoop(file)),
  maps: () => timed(() => bareMaps(file)),
  goaccess: () => timed(goaccess),
})
