import type { ChildProcess } from 'node:child_process'
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { endProcess } from './end-process.js'
import { freePort } from './free-port.js'
import { CLI, HOW_TO_GET_IT, SERVER } from './redis-program.js'
import { until } from './until.js'

export interface RedisServerOptions {
  /** Further lines of its configuration, such as `maxmemory 10mb`. */
  readonly config?: readonly string[]
  /** Runs as a Sentinel. */
  readonly sentinel?: boolean
}

/** A Redis or Valkey server of a test's own, on a free port of 127.0.0.1, that keeps nothing on disk. */
export interface RedisServer {
  readonly port: number
  readonly url: string
  /** Of the process that runs now, or ran last. */
  readonly pid: number
  /** Ends it in order (SIGTERM). */
  stop(): Promise<void>
  /** Ends it at once (SIGKILL). */
  kill(): Promise<void>
  /** Stops it where it stands (SIGSTOP): connections stay open, nobody answers. */
  pause(): void
  /** Lets it go on (SIGCONT). */
  resume(): void
  /** Starts it again on the same port, empty; ends it first where it runs. */
  restart(): Promise<void>
  /** What a command answers, as `redis-cli` prints it. Rejects where the answer is an error. */
  cli(...args: readonly string[]): Promise<string>
}

const running = new Set<ChildProcess>()
const folders = new Set<string>()

/** Ends every server that this process started, at once. */
export function endServers(): void {
  for (const child of running) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  running.clear()
  folders.clear()
}

process.on('exit', endServers)

/** Starts a server and waits until it answers. Throws where there is no program, or it does not come up in 10 s. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'spillway-redis-'))
  folders.add(folder)
  writeFileSync(join(folder, 'redis.conf'), configuration(port, folder, options).join('\n'))
  let child = await run(folder, port, options)

  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return child.pid as number
    },
    stop: () => endProcess(child),
    kill: () => endProcess(child, 'SIGKILL'),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async restart() {
      await endProcess(child, 'SIGKILL')
      child = await run(folder, port, options)
    },
    async cli(...args) {
      const { stdout } = await promisify(execFile)(CLI, ['-e', '-p', String(port), ...args])
      return stdout.trimEnd()
    },
  }
}

function configuration(port: number, folder: string, { config = [], sentinel = false }: RedisServerOptions): string[] {
  const onDisk = sentinel ? [] : ['save ""', 'appendonly no']
  return [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, 'daemonize no', ...onDisk, ...config, '']
}

async function run(folder: string, port: number, { sentinel = false }: RedisServerOptions): Promise<ChildProcess> {
  const args = [join(folder, 'redis.conf'), ...(sentinel ? ['--sentinel'] : [])]
  const child = spawn(SERVER, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let log = ''
  child.stdout.on('data', (text) => {
    log = `${log}${text}`.slice(-2_000)
  })
  running.add(child)
  let ended: Error | undefined
  child.once('error', (cause) => {
    ended = new Error(HOW_TO_GET_IT, { cause })
  })
  child.once('exit', () => {
    running.delete(child)
    ended ??= new Error(`${SERVER} ended while it started:\n${log}`)
  })
  await until(`${SERVER} answers on port ${port}`, async () => {
    if (ended !== undefined) throw ended
    return await answers(port)
  })
  return child
}

/** Whether somebody answers a PING: a server that wants a password answers too. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.setTimeout(500, () => socket.destroy())
    socket.once('data', (reply) => {
      resolve(/^(\+PONG|-NOAUTH)/.test(reply.toString()))
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}
