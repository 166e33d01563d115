import type { Micros, Units } from '../core/units.js'

/** What an answer says of one policy of its server. */
export interface Reading {
  /** The policy's name, with its partition key where one is told; `default` where the generation of fields has no names. */
  readonly policy: string
  /** Units left. */
  readonly remaining: Units
  /** Time until more appear. Absent where it is not told. */
  readonly resetAfter: Micros | undefined
  /** The whole quota. Absent where it is not told. */
  readonly limit: Units | undefined
  /** The quota's window. Absent where it is not told. */
  readonly window: Micros | undefined
  /** Whether a unit is a request, and not, say, a byte. */
  readonly requests: boolean
}

/** What an answer says of its server's limits. */
export interface Told {
  /** One for each policy that the answer names; empty where it names none. */
  readonly readings: readonly Reading[]
  /** The time that `Retry-After` asks to wait, in either form. Absent where the answer has none, or one that is malformed. */
  readonly retryAfter: Micros | undefined
}
