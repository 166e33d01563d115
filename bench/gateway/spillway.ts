import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { endProcess } from '../../test/support/end-process.js'
import type { Server } from '../lib/server-rounds.js'
import { KEYS } from '../lib/server-rounds.js'

const CLI = fileURLToPath(new URL('../../packages/gateway/dist/cli.js', import.meta.url))
const LISTENING = /^spillway listening on http:\/\/\S+:(\d+)$/

/** Starts the built gateway, which knows clients by their keys and counts the requests of each. */
export async function startSpillway(name: string, upstream: string): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-'))
  const file = join(folder, 'spillway.json')
  writeFileSync(file, JSON.stringify(policyFor(upstream)))
  const gateway = spawn(process.execPath, [CLI, 'serve', file, '--log-level', 'warn'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const port = await portIn(gateway.stdout)
    return { name, pid: gateway.pid ?? 0, port, stop: () => endProcess(gateway) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function policyFor(upstream: string): object {
  return {
    listen: '127.0.0.1:0',
    upstream,
    identity: [{ header: { name: 'x-api-key', groups: Object.fromEntries(KEYS.map((key) => [key, 'user'])) } }],
    rules: [{ name: 'everything', path: '/**', quotas: '1000000000/hour' }],
  }
}

/** The port in the line that says where the gateway listens. Rejects where it ends without one. */
async function portIn(output: Readable): Promise<number> {
  for await (const line of createInterface({ input: output })) {
    const port = LISTENING.exec(line)?.[1]
    if (port === undefined) continue
    // Nobody reads the rest; unread, it would hold the process up.
    output.resume()
    return Number(port)
  }
  throw new Error('the gateway ended before it said that it listens')
}
