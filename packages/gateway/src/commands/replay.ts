import type { Policy } from 'spillway'
import { LogError } from '../logs/log-error.js'
import type { LogFile } from '../logs/open-log.js'
import { loadPolicyFile } from '../policy-file/load-policy-file.js'
import { resultOf } from '../replay/build-result.js'
import { compare } from '../replay/compare.js'
import type { Condition } from '../replay/fail-if.js'
import { printFindings, printResult } from '../replay/print.js'
import { progressOf } from '../replay/progress.js'
import type { ReplayResult } from '../replay/result.js'
import type { Replays, WantedReplays } from '../replay/run.js'
import { runReplays } from '../replay/run.js'
import { unheard } from '../replay/who.js'
import type { Terminal } from '../terminal/terminal.js'
import { askingIn, logFiles, printLogFault, readingOf } from './log-files.js'
import type { LogCall } from './log-options.js'
import { expectNotRead, expectWritablePage, writeNewFile } from './new-file.js'

const STDIN_TWICE = 'standard input can be one file only: `-` is there twice'

/** How `replay` is called. */
export interface ReplayOptions extends LogCall {
  readonly policy: string
  /** Another policy file. */
  readonly compare?: string
  readonly failIf?: readonly Condition[]
  /** How many names each list shows. */
  readonly top: number
  /** Where to write a page that shows it all. */
  readonly report?: string
  /** Whether the answer is one JSON object on standard output. */
  readonly json?: boolean
}

/**
 * Shows what a policy would have done to the requests of access logs. Gives the exit code: 0, 1 where it could not, 3
 * where a condition of `failIf` is met.
 */
export async function replay(
  logs: readonly string[],
  options: ReplayOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<0 | 1 | 3> {
  try {
    if (options.report !== undefined) await expectWritablePage(options.report)
    const result = await resultFor(logs, options, env, terminal)
    if (options.json) terminal.out(JSON.stringify(result))
    else {
      printFindings(result, terminal)
      printResult(result, options.top, terminal)
    }
    return conclude(result, options.failIf ?? [], terminal)
  } catch (error) {
    return printLogFault(error, terminal)
  }
}

async function resultFor(
  logs: readonly string[],
  options: ReplayOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<ReplayResult> {
  const { report } = options
  const named = [options.policy, ...(options.compare === undefined ? [] : [options.compare])]
  if ([...named, ...logs].filter((name) => name === '-').length > 1) throw new LogError(STDIN_TWICE)
  const { policy } = await loadPolicyFile(options.policy, env)
  const compared = options.compare === undefined ? undefined : (await loadPolicyFile(options.compare, env)).policy
  const asking = await askingIn(options)
  const files = await logFiles(logs)
  const read = [...named, ...files.map(({ path }) => path), ...(options.groups === undefined ? [] : [options.groups])]
  if (report !== undefined) await expectNotRead(report, read)
  const wanted = { policy, asking, demand: report !== undefined, ...(compared && { compared }) }
  const found = await replaysOf(files, wanted, options, terminal)
  if (report !== undefined) await writeReport(report, found, policy, options)
  const missing = unheard(options.user, found.replay.tally.clients.kept)
  if (missing !== undefined) terminal.err(missing)
  return outcomeOf(found, options)
}

async function replaysOf(
  files: readonly LogFile[],
  wanted: WantedReplays,
  options: ReplayOptions,
  terminal: Terminal,
): Promise<Replays> {
  const progress = progressOf(files, terminal)
  try {
    return await runReplays(files, wanted, readingOf(options), progress)
  } finally {
    progress.stop()
  }
}

function outcomeOf({ replay: own, compared, findings }: Replays, options: ReplayOptions): ReplayResult {
  const { policy, compare: other, top } = options
  const result = resultOf(own, policy, findings, top)
  if (compared === undefined || other === undefined) return result
  return { ...result, compare: compare(own, compared, other, top) }
}

/** A page has room for more names than a terminal. */
const NAMES_IN_A_PAGE = 100

async function writeReport(file: string, found: Replays, policy: Policy, options: ReplayOptions): Promise<void> {
  if (found.demand === undefined) throw new TypeError('a report needs what clients ask for')
  const { reportOf } = await import('../report/build-report.js')
  const { reportPage } = await import('../report/page.js')
  const result = outcomeOf(found, { ...options, top: Math.max(options.top, NAMES_IN_A_PAGE) })
  await writeNewFile(file, reportPage(reportOf(result, policy, found.demand)), true)
}

function conclude(result: ReplayResult, conditions: readonly Condition[], terminal: Terminal): 0 | 3 {
  const met = conditions.flatMap((condition) => {
    const found = condition.met(result)
    return found === undefined ? [] : [`spillway: ${condition.text} is met: it is ${found}`]
  })
  for (const line of met) terminal.err(line)
  return met.length === 0 ? 0 : 3
}
