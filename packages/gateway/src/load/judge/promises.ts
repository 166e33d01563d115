import type { Micros } from 'spillway'
import { CLOCK_ERROR } from './watch.js'

/** What a refusal says of when the same request would pass, if nobody else draws on its shares. */
export interface Refusal {
  readonly sent: Micros
  readonly answered: Micros
  /** `Retry-After`. */
  readonly wait: Micros
  /** By how much the wait may be longer than it must be: it is told in whole seconds. */
  readonly rounding: Micros
}

/** A request that was answered. */
export interface Asked {
  readonly sent: Micros
  readonly answered: Micros
}

/** A `Retry-After` that is proven untrue. */
export interface Untrue {
  readonly told: Micros
  /** Refused although the time was over, or let through long before it was. */
  readonly what: 'too-short' | 'too-long'
  /** From the refusal to what disproves it, at most. */
  readonly after: Micros
}

/** What an answer says of an earlier promise to the same request; `open`: refused in time, but others may have drawn. */
export type Finding = { readonly kind: 'kept' | 'open' } | { readonly kind: 'broken'; readonly untrue: Untrue }

/** What one server promised to one request of one client. */
export interface Promises {
  /** The request was let through. */
  admitted(asked: Asked): Finding | undefined
  /**
   * It was refused. `undrawnSince`: since when certainly nothing else drew on its shares; absent where something may be
   * about to. `wait` absent: it says nothing of when to come again.
   */
  refused(refusal: Asked & Partial<Refusal>, undrawnSince: Micros | undefined): Finding | undefined
}

/** Holds the refusals of one request against what becomes of it later. */
export function promises(): Promises {
  /** The one that promised soonest, of those since which nothing drew. */
  let soonest: Refusal | undefined
  /** The one that promised latest. */
  let latest: Refusal | undefined

  return {
    admitted(asked) {
      const finding = tooLong(latest, asked) ?? (isDue(soonest, asked) ? KEPT : undefined)
      // Units were drawn: what was promised for an untouched share no longer counts.
      soonest = undefined
      if (latest && earliest(latest) <= asked.answered) latest = undefined
      return finding
    },
    refused(asked, undrawnSince) {
      const finding = tooShort(soonest, asked, undrawnSince)
      if (finding !== undefined) soonest = undefined
      const { sent, answered, wait, rounding } = asked
      if (wait === undefined || rounding === undefined) return finding
      const refusal = { sent, answered, wait, rounding }
      const stands = soonest !== undefined && undrawn(soonest, undrawnSince) && end(soonest) <= end(refusal)
      if (!stands) soonest = refusal
      if (latest === undefined || earliest(refusal) > earliest(latest)) latest = refusal
      return finding
    },
  }
}

const KEPT: Finding = { kind: 'kept' }

/** When the promised moment has come for certain. */
function end({ answered, wait }: Refusal): Micros {
  return answered + wait + CLOCK_ERROR
}

/** Before this moment the request cannot have been about to pass, if the promise is true. */
function earliest({ sent, wait, rounding }: Refusal): Micros {
  return sent + wait - rounding - CLOCK_ERROR
}

function isDue(refusal: Refusal | undefined, { sent }: Asked): boolean {
  return refusal !== undefined && sent >= end(refusal)
}

function undrawn(refusal: Refusal, since: Micros | undefined): boolean {
  return since !== undefined && since <= refusal.sent
}

function tooLong(refusal: Refusal | undefined, { sent, answered }: Asked): Finding | undefined {
  if (refusal === undefined || sent <= refusal.answered || answered >= earliest(refusal)) return undefined
  return broken('too-long', refusal, answered - refusal.sent)
}

function tooShort(refusal: Refusal | undefined, asked: Asked, since: Micros | undefined): Finding | undefined {
  if (refusal === undefined || !isDue(refusal, asked)) return undefined
  if (!undrawn(refusal, since)) return { kind: 'open' }
  return broken('too-short', refusal, asked.answered - refusal.answered)
}

function broken(what: Untrue['what'], { wait }: Refusal, after: Micros): Finding {
  return { kind: 'broken', untrue: { told: wait, what, after } }
}
