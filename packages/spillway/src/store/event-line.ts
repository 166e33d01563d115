// biome-ignore-all lint/suspicious/noConsole: where nobody listens, an operator must still hear of it
import type { StoreError } from '../core/decision.js'
import { formatDuration } from '../core/duration.js'
import type { Micros } from '../core/units.js'
import { MILLISECOND } from '../core/units.js'
import type { StoreEvent } from './calls.js'

/** An event in one line, for a log. */
export function eventLine(event: StoreEvent): string {
  switch (event.kind) {
    case 'unavailable':
      return `the store is not available: ${faultIn(event)}`
    case 'available':
      return `the store is available again, after ${inMilliseconds(event.after)}`
    case 'local':
      return `limits are counted in this process alone, by one share of ${event.replicas}: ${faultIn(event)}`
    case 'recovered':
      return 'limits are counted by the store again'
    case 'warning':
      return event.message
  }
}

function faultIn({ cause }: { readonly cause: StoreError }): string {
  return `${cause.message} (${cause.code})`
}

function inMilliseconds(span: Micros): string {
  return formatDuration(Math.round(span / MILLISECOND) * MILLISECOND)
}

/** What is done with an event where nobody listens: a line on standard error. */
export function printEvent(event: StoreEvent): void {
  console.warn(`spillway: ${eventLine(event)}`)
}
