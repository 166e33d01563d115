import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { installMissing, isInstalled } from '../../../../test/support/debian-package.js'
import { freePort } from '../../../../test/support/free-port.js'
import { until } from '../../../../test/support/until.js'
import type { FormatName } from '../../src/logs/formats/names.js'
import { temporaryFolder } from './folder.js'

/** A server of somebody else's, which hands requests on and writes them down. */
export interface LoggingServer {
  readonly program: string
  /** The package of Debian that has it. */
  readonly debianPackage: string
  /** Its arguments, and the logs that it will write, in a folder and on a port of 127.0.0.1. */
  configure(place: Place): { readonly args: readonly string[]; readonly logs: Logs }
  /** Whether it refuses malformed targets itself. */
  readonly refusesMalformed?: true
  /** Targets that it hands on otherwise than they came, and writes down as they came. Absent: none. */
  readonly changes?: RegExp
  /** Whether a line is of a request that it handed on. Absent: all are. */
  readonly isHandedOn?: (line: string) => boolean
  /** The signal at which it ends in order. */
  readonly stop: NodeJS.Signals
}

/** Where such a server runs, and what is behind it. */
export interface Place {
  readonly port: number
  /** Its own, empty. What it prints is in `printed.log` there. */
  readonly folder: string
  /** `http://HOST:PORT`. */
  readonly upstream: string
}

/** Files, by the format that their lines have. */
export type Logs = Readonly<Partial<Record<FormatName, string>>>

/** The header field by which a test tells such a server the client's address; it goes on in X-Forwarded-For. */
export const CLIENT = 'X-Client'

/** This path they answer themselves, with 204, and do not write down. */
export const UP = '/up'

/** Finds or installs the server. Throws where it is neither there nor to be had. */
export function findOrInstall({ program, debianPackage }: LoggingServer): void {
  installMissing(program, debianPackage)
  if (isInstalled(program)) return
  throw new Error(`${program} was not found: install it, on Debian as root by apt-get install ${debianPackage}`)
}

/** Starts the server in front of an upstream, for the length of a test. */
export async function startLogging(
  { program, configure, isHandedOn = () => true, stop }: LoggingServer,
  upstream: string,
): Promise<{
  readonly url: string
  /** Ends it in order; gives its logs, of what it handed on. */
  stop(): Promise<Logs>
}> {
  const [folder, port] = [temporaryFolder(), await freePort()]
  const { args, logs } = configure({ port, folder, upstream })
  const [printed, errors] = [openSync(join(folder, 'printed.log'), 'w'), openSync(join(folder, 'errors.log'), 'w')]
  const server = spawn(program, args, { stdio: ['ignore', printed, errors] })
  for (const file of [printed, errors]) closeSync(file)
  const ended = once(server, 'exit')
  onTestFinished(() => void server.kill('SIGKILL'))

  const url = `http://127.0.0.1:${port}`
  const isUp = async () => (await fetch(url + UP).catch(() => undefined))?.status === 204
  await until(`${program} answers`, isUp)
  return {
    url,
    async stop() {
      server.kill(stop)
      await ended
      for (const log of Object.values(logs)) {
        const lines = readFileSync(log, 'latin1').split('\n')
        writeFileSync(log, lines.filter((line) => line === '' || isHandedOn(line)).join('\n'), 'latin1')
      }
      return logs
    },
  }
}
