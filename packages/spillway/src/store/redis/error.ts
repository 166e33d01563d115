import { StoreError } from '../../core/decision.js'

/**
 * What a client of Redis rejected with, as the fault that it is. A reply of the server has the code
 * `ERR_SPILLWAY_STORE_` and the server's own (`READONLY`, `LOADING`, `OOM`, …); anything else, such as a connection that
 * is gone, is `ERR_SPILLWAY_STORE_FAILED`.
 */
export function redisError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const message = error instanceof Error ? error.message : String(error)
  const code = serverCode(message)
  return code === undefined
    ? new StoreError('ERR_SPILLWAY_STORE_FAILED', `the store failed: ${message}`, { cause: error })
    : new StoreError(`ERR_SPILLWAY_STORE_${code}`, `the store answered: ${message}`, { cause: error })
}

/** Whether the server does not know a script by its hash: after a restart, a failover or a SCRIPT FLUSH. */
export function isNoScript(error: unknown): boolean {
  return error instanceof Error && serverCode(error.message) === 'NOSCRIPT'
}

/** Whether it is a reply of the server, which says by itself what is wrong. */
export function isAnswer({ code }: StoreError): boolean {
  return code !== 'ERR_SPILLWAY_STORE_FAILED'
}

/** Whether the server has become one that cannot write. */
export function isReadOnly({ code }: StoreError): boolean {
  return code === 'ERR_SPILLWAY_STORE_READONLY'
}

/**
 * The code that an error reply begins with. Before Redis 7 an error within a script stands behind one of the script's:
 * `ERR Error running script (call to f_…): @user_script:1: -READONLY You can't write …`. `ERR` says nothing.
 */
function serverCode(message: string): string | undefined {
  const within = /^ERR .*?: -([A-Z]+) /.exec(message)?.[1]
  const first = within ?? /^-?([A-Z]{2,}) /.exec(message)?.[1]
  return first === 'ERR' ? undefined : first
}
