import { installMissing } from './debian-package.js'

/** The server that tests start: `redis-server` of PATH, or what `SPILLWAY_REDIS_SERVER` names, such as a `valkey-server`. */
export const SERVER = process.env.SPILLWAY_REDIS_SERVER ?? 'redis-server'

/** The command line client that comes with it: `redis-cli`, `valkey-cli`. */
export const CLI = SERVER.replace(/server$/, 'cli')

/** What a machine without the server has to do. */
export const HOW_TO_GET_IT =
  `${SERVER} was not found. Install Redis 7 or Valkey 8 (Debian: apt-get install redis-server; macOS: brew install redis), ` +
  'or name the program in SPILLWAY_REDIS_SERVER'

/**
 * Before the tests: installs Debian's `redis-server` where none is there and this process may. Elsewhere the tests that
 * need it fail, each with `HOW_TO_GET_IT`.
 */
export function setup(): void {
  if (SERVER === 'redis-server') installMissing(SERVER, 'redis-server')
}
