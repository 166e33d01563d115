import { access } from 'node:fs/promises'
import type { Micros, Policy } from 'spillway'
import type { ClientOptions } from '../load/clients.js'
import { clientsOf } from '../load/clients.js'
import { liveView } from '../load/live.js'
import { LoadError, textOf } from '../load/load-error.js'
import type { RequestOptions } from '../load/prepare.js'
import { prepare } from '../load/prepare.js'
import { printLoad } from '../load/print.js'
import type { LoadResult } from '../load/result.js'
import { nothingJudged, resultOf } from '../load/result.js'
import { runLoad } from '../load/run.js'
import { openSender } from '../load/sender.js'
import type { Target } from '../load/target.js'
import { findTarget } from '../load/target.js'
import { loadPolicyFile } from '../policy-file/load-policy-file.js'
import { plainText } from '../spelling/plain-text.js'
import type { Terminal } from '../terminal/terminal.js'
import { printFaults, wrongCall } from './findings.js'

/** How `load` is called. */
export interface LoadOptions extends ClientOptions, RequestOptions {
  /** Requests a second. */
  readonly rate: number
  readonly duration: Micros
  readonly timeout: Micros
  readonly policy?: string
  /** The URL of the service without its limiter. */
  readonly baseline?: string
  readonly iOwnThisHost?: boolean
  /** Whether the answer is one JSON object on standard output. */
  readonly json?: boolean
}

/** What is not on the command line. */
export interface LoadSurroundings {
  /** The policy file that counts where none is named, and it is there. */
  readonly policy: string
  /** Ends the load early. */
  readonly signal: AbortSignal
}

const NOTHING_JUDGED = 'no request was admitted or denied, so that there is nothing to judge'

/** The status of a denial, where no policy says otherwise (RFC 6585, 4). */
const TOO_MANY_REQUESTS = 429

/**
 * Sends a load and judges the limiter. Gives the exit code: 0 where all held, 1 where no load could be sent, or nothing
 * judged, 2 for a wrong call, 3 where a client provably got more than allowed, or a Retry-After was provably untrue.
 */
export async function load(
  url: string,
  options: LoadOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
  surroundings: LoadSurroundings,
): Promise<0 | 1 | 2 | 3> {
  try {
    const owned = options.iOwnThisHost ?? false
    const target = await findTarget(url, owned)
    const baseline = options.baseline === undefined ? undefined : await findTarget(options.baseline, owned)
    const file = options.policy ?? (await ifThere(surroundings.policy))
    const measure = await measureFrom(file, env)
    const request = await withBody(options)
    const result = await resultFor({ target, baseline }, measure, request, terminal, surroundings.signal)
    if (options.json) terminal.out(JSON.stringify(result))
    else printLoad(result, terminal)
    if (nothingJudged(result)) throw new LoadError(NOTHING_JUDGED)
    return result.held ? 0 : 3
  } catch (error) {
    if (error instanceof RangeError) return wrongCall(error.message, terminal)
    if (!(error instanceof LoadError)) return printFaults(error, terminal)
    terminal.err(`spillway: ${plainText(error.message, 500)}`)
    return 1
  }
}

/** What a limiter is judged by. */
interface Measure extends Pick<LoadResult, 'judgedBy'> {
  readonly policy: Policy | undefined
}

async function measureFrom(file: string | undefined, env: NodeJS.ProcessEnv): Promise<Measure> {
  if (file === undefined) return { policy: undefined, judgedBy: { by: 'fields' } }
  return { policy: (await loadPolicyFile(file, env)).policy, judgedBy: { by: 'policy', file } }
}

/** Where a load goes. */
interface Targets {
  readonly target: Target
  readonly baseline: Target | undefined
}

async function resultFor(
  { target, baseline }: Targets,
  { policy, judgedBy }: Measure,
  options: LoadOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<LoadResult> {
  const { rate, duration, timeout } = options
  const clients = await clientsOf(options)
  const { requests, seen } = await prepare(target, clients, options, policy)
  const sender = openSender(target, timeout / 1000)
  const beside = baseline && openSender(baseline, timeout / 1000)
  try {
    const denied = policy?.denied.status ?? TOO_MANY_REQUESTS
    const { href } = target.url
    const title = { target: href, rate, clients: clients.length, seconds: Math.ceil(duration / 1e6) }
    const plan = { rate, duration, requests, denied, sender, baseline: beside }
    const run = await runLoad(plan, liveView(title, terminal), signal)
    if (run.ended === 'unanswered') {
      throw new LoadError(`${target.url.origin} does not answer: ${[...run.figures.errors.keys()].join(', ')}`)
    }
    return resultOf(run, { target: href, rate, judgedBy, clients: { count: clients.length, seen } })
  } finally {
    await Promise.all([sender.close(), beside?.close()])
  }
}

function ifThere(file: string): Promise<string | undefined> {
  return access(file).then(
    () => file,
    () => undefined,
  )
}

async function withBody(options: LoadOptions): Promise<LoadOptions> {
  const { body } = options
  if (!body?.startsWith('@')) return options
  return { ...options, body: await textOf(body.slice(1), 'the body') }
}
