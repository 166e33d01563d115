import type { Told } from 'spillway/client'
import { readLimits } from 'spillway/client'
import type { Outcome } from './judge/judge.js'

const SECOND = 1_000_000

type Fields = Readonly<Record<string, string | string[] | undefined>>

/** What the head of an answer says came of its request; `denied`: the status of a denial. */
export function outcomeOf(status: number, fields: Fields, denied: number): Outcome {
  const told = toldIn(fields)
  if (status === denied) return { kind: 'refused', wait: told?.retryAfter, rounding: roundingOf(fields) }
  return status >= 500 ? { kind: 'unknown' } : { kind: 'admitted', status, told }
}

/** Seconds are rounded up to the next one; a date is, and so is the `Date` that it is counted from rounded down. */
function roundingOf(fields: Fields): number {
  return /^\d+$/.test(String(fields['retry-after'])) ? SECOND : 2 * SECOND
}

const TELLING = /^(age|date|retry-after|(x-)?rate-?limit.*)$/

function toldIn(fields: Fields): Told | undefined {
  const headers = new Headers()
  for (const [name, value] of Object.entries(fields)) {
    if (TELLING.test(name)) headers.set(name, [value ?? ''].flat().join(', '))
  }
  return readLimits(headers, Date.now() * 1000)
}

/** Errors that come before anything was sent. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'EMFILE',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** What an error says came of a request. */
export function outcomeOfError(code: string): Outcome {
  return { kind: NEVER_SENT.has(code) ? 'unsent' : 'unknown' }
}

/** The code of an error, or its name where it has none. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
