import { spawn } from 'node:child_process'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Received, Sent } from '../../packages/spillway/src/testing/raw-client.js'
import { send } from '../../packages/spillway/src/testing/raw-client.js'
import { listening } from '../../packages/spillway/test/listening.js'
import { endProcess } from '../support/end-process.js'

/** A server that listens, for as long as a test runs. */
export interface Served {
  readonly port: number
  get(path: string, headers?: Sent['headers']): Promise<Received>
  send(path: string, sent: Sent): Promise<Received>
  /** The statuses of requests that are sent one after the other. */
  statuses(paths: readonly string[], headers?: Sent['headers']): Promise<readonly number[]>
}

/** A program of its own that listens. */
export interface Started extends Served {
  stop(): Promise<void>
}

/** Lets an application listen on a free port until the test is over. */
export async function serving(application: RequestListener): Promise<Served> {
  const { port, close } = await listening(createServer(application))
  onTestFinished(async () => void (await close()))
  return served(port)
}

/** Starts a program of an example in a process of its own, as its page says, and ends it with the test. */
export function started(
  program: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Started> {
  return startedIn(fileURLToPath(new URL('../..', import.meta.url)), ['--import', 'tsx', program, ...args], env)
}

/** Starts Node in a folder, and ends it with the test. */
export async function startedIn(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => endProcess(child))
  for await (const line of createInterface({ input: child.stdout })) {
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? []
    if (port !== undefined) return { ...served(Number(port)), stop: () => endProcess(child) }
  }
  throw new Error(`node ${args.join(' ')} ended before it listened`)
}

/** `count` times the same. */
export function times<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value)
}

function served(port: number): Served {
  return {
    port,
    get: (path, headers = {}) => send(port, path, { headers }),
    send: (path, sent) => send(port, path, sent),
    async statuses(paths, headers = {}) {
      const answers: number[] = []
      for (const path of paths) answers.push((await send(port, path, { headers })).status)
      return answers
    },
  }
}
