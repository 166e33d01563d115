import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Server } from '../lib/server-rounds.js'
import { KEYS } from '../lib/server-rounds.js'
import { firstLine, stopProcess } from './process.js'

const CLI = fileURLToPath(new URL('../../packages/gateway/dist/cli.js', import.meta.url))
const LISTENING = /^spillway listening on http:\/\/\S+:(\d+)$/

/** Starts the built gateway, which knows clients by their keys and counts the requests of each. */
export async function startSpillway(upstream: string): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-bench-'))
  const policy = join(directory, 'spillway.json')
  writeFileSync(
    policy,
    JSON.stringify({
      listen: '127.0.0.1:0',
      upstream,
      identity: [{ header: { name: 'x-api-key', groups: Object.fromEntries(KEYS.map((key) => [key, 'user'])) } }],
      rules: [{ name: 'everything', path: '/**', quotas: '1000000000/hour' }],
    }),
  )
  const gateway = spawn(process.execPath, [CLI, 'serve', policy, '--log-level', 'warn'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const port = Number(LISTENING.exec(await firstLine(gateway))?.[1])
    return { name: 'spillway', pid: gateway.pid ?? 0, port, stop: () => stopProcess(gateway) }
  } finally {
    rmSync(directory, { recursive: true })
  }
}
