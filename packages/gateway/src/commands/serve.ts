import { dirname, resolve } from 'node:path'
import type { Logger } from 'pino'
import { pino } from 'pino'
import { PolicyFileError } from '../policy-file/fault.js'
import type { LoadedPolicy } from '../policy-file/load-policy-file.js'
import { loadPolicyFile } from '../policy-file/load-policy-file.js'
import { collide, listenAddress } from '../serve/listen-address.js'
import { standardError } from '../serve/standard-error.js'
import type { RunningGateway } from '../serve/start-gateway.js'
import { startGateway } from '../serve/start-gateway.js'
import type { Terminal } from '../terminal/terminal.js'
import { printFaults } from './findings.js'
import type { LogLevel } from './log-level.js'
import type { PolicySource } from './reload-policy.js'
import { reloadPolicy } from './reload-policy.js'
import { startFault } from './start-fault.js'

/** How `serve` is called. */
export interface ServeOptions {
  /** Instead of the port that the policy names; 0 takes a free one. */
  readonly port?: number
  readonly logLevel: LogLevel
  /** Whether the policy is put in force anew whenever its file changes. */
  readonly watch?: boolean
}

/** A gateway, and the file that its policy came from. */
interface Serving {
  readonly gateway: RunningGateway
  readonly source: PolicySource
}

/**
 * Runs the gateway of a policy file until SIGTERM or SIGINT, then stops gracefully; a second signal ends the process at
 * once. SIGHUP puts the policy in force as the file has it then; with a terminal it stops, as the terminal is gone. Logs
 * are JSON lines on standard error. Gives the exit code: 0, or 1 where it could not start.
 */
export async function serve(
  file: string,
  options: ServeOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<0 | 1> {
  const log = pino({ level: options.logLevel, base: null }, standardError())
  const serving = await start(file, options, env, log).catch((error: unknown) => {
    if (error instanceof PolicyFileError) return printFaults(error, terminal)
    terminal.err(`spillway: ${startFault(error)}`)
    return 1 as const
  })
  if (serving === 1) return 1

  const { gateway, source } = serving
  const attended = process.stdin.isTTY === true
  const endReloads = reloadPolicy(gateway, source, { told: !attended, changed: options.watch === true }, log)
  const stopped = untilStopped(gateway, attended, log).finally(endReloads)
  terminal.out(`spillway listening on ${gateway.address.url}`)
  if (gateway.admin) terminal.out(`spillway admin on ${gateway.admin.url}`)
  return stopped
}

async function start(file: string, options: ServeOptions, env: NodeJS.ProcessEnv, log: Logger): Promise<Serving> {
  const loaded = await loadPolicyFile(file, env)
  requireGateway(loaded)
  requireOwnPort(loaded, options.port)
  const gateway = await startGateway(loaded.policy, {
    ...(options.port !== undefined && { port: options.port }),
    log,
    baseDirectory: dirname(resolve(file)),
  })
  return { gateway, source: { file, text: loaded.text, env } }
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

/** Two listeners cannot have one address; of what stands in the file `parsePolicy` says so. */
function requireOwnPort({ policy: { gateway } }: LoadedPolicy, port: number | undefined): void {
  if (port === undefined || gateway.listen === undefined || gateway.admin === undefined) return
  const own = { ...listenAddress(gateway.listen.address), port }
  if (!collide(own, listenAddress(gateway.admin.listen))) return
  throw new Error(`--port ${port} is the port of \`admin.listen\`, ${gateway.admin.listen}: choose another`)
}

function untilStopped(gateway: RunningGateway, attended: boolean, log: Logger): Promise<0> {
  const signals = ['SIGTERM', 'SIGINT', ...(attended ? (['SIGHUP'] as const) : [])] as const
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
