import type { StoreError } from '../../core/decision.js'
import type { Clock } from '../../core/units.js'
import type { CallAnswer, CallStore, StoreCall } from '../calls.js'
import type { RedisConnection } from './connection.js'
import { decodeReply } from './decode.js'
import { encodeCalls } from './encode.js'
import { isAnswer, isNoScript, isReadOnly, redisError } from './error.js'
import { keysUnder, replicasKey } from './keys.js'
import type { Script } from './script.js'
import { beatScript, chargeScript } from './script.js'

type Texts = readonly string[]

/** How the script is asked. */
export interface ScriptedOptions {
  /** What all keys begin with. */
  readonly prefix: string
  /** For tests: goes instead of the server's time. */
  readonly clock?: Clock
  /** On a cluster: a partition in whose hash slot the beats are written. */
  readonly beatsAt?: string
}

/**
 * Calls, decided in Redis by one script: a batch is one command. It is sent by its hash, and a second time in full only
 * where the server says that it knows no such script and has run none. Rejects with a `StoreError`, and has the
 * connection opened anew where the server can no longer write.
 */
export function scripted(connection: RedisConnection, { prefix, clock, beatsAt }: ScriptedOptions): CallStore {
  const keyOf = keysUnder(prefix)
  const beatKeys = [replicasKey(prefix, beatsAt)]
  const id = crypto.randomUUID()
  const now = () => clock?.now() ?? Date.now() * 1_000

  function faultOf(error: unknown): StoreError {
    const fault = redisError(error)
    if (isReadOnly(fault)) connection.reconnect?.()
    const reason = isAnswer(fault) ? undefined : connection.lastError?.()
    return reason === undefined ? fault : redisError(reason)
  }

  /** One promise on the way of a reply: each costs a charge that comes alone a part of its time. */
  function run<T>({ source, sha }: Script, keys: Texts, args: Texts, read: (reply: unknown) => T): Promise<T> {
    return connection.script('EVALSHA', sha, keys, args).then(read, (error: unknown) => {
      if (!isNoScript(error)) throw faultOf(error)
      return connection.script('EVAL', source, keys, args).then(read, (later: unknown) => {
        throw faultOf(later)
      })
    })
  }

  return {
    answer(calls: readonly StoreCall[]): Promise<readonly CallAnswer[]> {
      const { keys, args } = encodeCalls(calls, keyOf, now(), clock !== undefined)
      return run(chargeScript, keys, args, (reply) => decodeReply(calls, reply))
    },
    beat: () => run(beatScript, beatKeys, [id, clock ? String(now()) : ''], Number),
  }
}
