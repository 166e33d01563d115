import type { Logger } from 'pino'
import type { Clock, StoreError } from 'spillway'
import type { StoreEvent } from 'spillway/redis'
import { sampledLog } from '../sampled-log.js'

/** What is written about a store of other processes. No line holds what was sent, as that may be a password. */
export interface StoreLog {
  /** One line for each change. */
  event(event: StoreEvent): void
  /** The client has met a fault; it tries again by itself. One line a minute for each kind. */
  clientFault(error: unknown): void
}

const ONE_A_MINUTE = { lines: 1, per: 60_000_000 }

/** Writes to `log`. */
export function storeLog(log: Logger, clock: Clock): StoreLog {
  const sampled = sampledLog(clock, ONE_A_MINUTE)

  return {
    event: (event) => writeEvent(log, event),
    clientFault: (error) => {
      const { kind, reason } = faultOf(error)
      sampled.line(kind, (leftOut) => {
        log.warn({ reason, ...(leftOut > 0 && { leftOut }) }, 'a connection to the store failed: it is tried again')
      })
    },
  }
}

function writeEvent(log: Logger, event: StoreEvent): void {
  switch (event.kind) {
    case 'unavailable':
      log.error(whyOf(event), 'the store is unavailable: it is asked no more until it answers')
      return
    case 'available':
      log.info({ afterSeconds: event.after / 1_000_000 }, 'the store is available again')
      return
    case 'local':
      log.warn(
        { replicas: event.replicas, ...whyOf(event) },
        'counting alone: this process admits its share of each limit',
      )
      return
    case 'recovered':
      log.info({}, 'counting with the others again')
      return
    case 'warning':
      log.warn({ reason: event.message }, 'the store may break a guarantee')
  }
}

function whyOf({ cause }: { readonly cause: StoreError }): { readonly code: string; readonly reason: string } {
  return { code: cause.code, reason: cause.message }
}

/** The kind is one of few: the system's code, or the first word of what the server said. */
function faultOf(error: unknown): { readonly kind: string; readonly reason: string } {
  if (!(error instanceof Error)) return { kind: 'other', reason: 'unknown' }
  // What one node of a cluster said tells more than that all of them failed.
  const { lastNodeError } = error as { lastNodeError?: unknown }
  if (lastNodeError instanceof Error) return faultOf(lastNodeError)

  const { code, message } = error as NodeJS.ErrnoException
  return {
    kind: code ?? /^[A-Z]+\b/.exec(message)?.[0] ?? 'other',
    reason: message === '' ? (code ?? 'unknown') : message,
  }
}
