import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

/** The server that tests start: `redis-server` of PATH, or what `SPILLWAY_REDIS_SERVER` names, such as a `valkey-server`. */
export const SERVER = process.env.SPILLWAY_REDIS_SERVER ?? 'redis-server'

/** The command line client that comes with it: `redis-cli`, `valkey-cli`. */
export const CLI = SERVER.replace(/server$/, 'cli')

/** What a machine without the server has to do. */
export const HOW_TO_GET_IT =
  `${SERVER} was not found. Install Redis 7 or Valkey 8 (Debian: apt-get install redis-server; macOS: brew install redis), ` +
  'or name the program in SPILLWAY_REDIS_SERVER'

/** Whether the server can be started. */
export function serverIsThere(): boolean {
  return spawnSync(SERVER, ['--version']).status === 0
}

/** Where Debian asks whether a package that is being installed may start its service. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d'

/**
 * Before the tests: installs Debian's `redis-server` where none is there and this process may. Elsewhere the tests that
 * need it fail, each with `HOW_TO_GET_IT`.
 */
export function setup(): void {
  const mayInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (process.env.SPILLWAY_REDIS_SERVER !== undefined || !mayInstall || serverIsThere()) return

  const policyIsOurs = !existsSync(SERVICE_POLICY)
  if (policyIsOurs) writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    execFileSync('apt-get', ['update'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    execFileSync('apt-get', ['install', '--yes', 'redis-server'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  } finally {
    if (policyIsOurs) rmSync(SERVICE_POLICY)
  }
}
