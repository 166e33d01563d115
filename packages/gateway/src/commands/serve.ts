import { dirname, resolve } from 'node:path'
import type { Logger } from 'pino'
import { pino } from 'pino'
import { PolicyFileError } from '../policy-file/fault.js'
import type { LoadedPolicy } from '../policy-file/load-policy-file.js'
import { loadPolicyFile } from '../policy-file/load-policy-file.js'
import { standardError } from '../serve/standard-error.js'
import type { RunningGateway } from '../serve/start-gateway.js'
import { startGateway } from '../serve/start-gateway.js'
import { printFaults } from './findings.js'
import type { LogLevel } from './log-level.js'
import { startFault } from './start-fault.js'
import type { Terminal } from './terminal.js'

/** How `serve` is called. */
export interface ServeOptions {
  /** Instead of the port that the policy names; 0 takes a free one. */
  readonly port?: number
  readonly logLevel: LogLevel
}

/**
 * Runs the gateway of a policy file until SIGTERM or SIGINT, then stops gracefully; a second signal ends the process at
 * once. Logs are JSON lines on standard error. Gives the exit code: 0, or 1 where it could not start.
 */
export async function serve(
  file: string,
  options: ServeOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<0 | 1> {
  const log = pino({ level: options.logLevel, base: null }, standardError())
  const gateway = await start(file, options, env, log).catch((error: unknown) => {
    if (error instanceof PolicyFileError) return printFaults(error, terminal)
    terminal.err(`spillway: ${startFault(error)}`)
    return 1 as const
  })
  if (gateway === 1) return 1

  const stopped = untilStopped(gateway, log)
  terminal.out(`spillway listening on ${gateway.address.url}`)
  if (gateway.admin) terminal.out(`spillway admin on ${gateway.admin.url}`)
  return stopped
}

async function start(
  file: string,
  options: ServeOptions,
  env: NodeJS.ProcessEnv,
  log: Logger,
): Promise<RunningGateway> {
  const loaded = await loadPolicyFile(file, env)
  requireGateway(loaded)
  return startGateway(loaded.policy, {
    ...(options.port !== undefined && { port: options.port }),
    log,
    baseDirectory: dirname(resolve(file)),
  })
}

/** A library's policy needs neither `listen` nor `upstream`; a gateway's does. Throws a `PolicyFileError`. */
function requireGateway({ policy: { gateway }, file, text }: LoadedPolicy): void {
  const missing = [
    ...(gateway.listen ? [] : [{ path: 'listen', example: '127.0.0.1:8080' }]),
    ...(gateway.upstream ? [] : [{ path: 'upstream', example: 'http://127.0.0.1:3000' }]),
  ]
  if (missing.length === 0) return
  const faults = missing.map(({ path, example }) => {
    const message = `is missing: a gateway needs it, such as \`${path}: ${example}\``
    return { file, line: 1, column: 1, path, message }
  })
  throw new PolicyFileError(faults, text)
}

function untilStopped(gateway: RunningGateway, log: Logger): Promise<0> {
  // With a terminal SIGHUP tells that it is gone; without one it is how other servers are told to reload.
  const attended = process.stdin.isTTY === true
  const signals = ['SIGTERM', 'SIGINT', ...(attended ? (['SIGHUP'] as const) : [])] as const
  if (!attended) process.on('SIGHUP', () => log.warn({ signal: 'SIGHUP' }, NO_RELOAD))
  return new Promise((done, failed) => {
    const stop = (signal: NodeJS.Signals) => {
      for (const each of signals) process.off(each, stop)
      log.info({ signal }, 'stopping: requests in flight are finished, a second signal ends them')
      for (const each of signals) process.once(each, () => process.exit(1))
      gateway.stop().then(() => done(0), failed)
    }
    for (const each of signals) process.on(each, stop)
  })
}

const NO_RELOAD = 'nothing is reloaded: the policy is read at the start, a change of it takes a restart'
