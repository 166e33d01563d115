/** What one round of charges over the network took. */
export interface Round {
  /** Decisions a second, by the clock on the wall. */
  readonly rate: number
  /** Microseconds from charge to decision: the middle one, and the one that 99 of 100 stay below. */
  readonly p50: number
  readonly p99: number
  /** Microseconds of processor time of the client's process, for each decision. */
  readonly client: number
}

/** What is asked of a contestant. */
export interface Lanes {
  /** Charges that wait for their decision at any time. */
  readonly inFlight: number
  readonly partitions: number
}

/** A round, and the microseconds of processor time that the server spent on each decision. */
export interface ServedRound extends Round {
  readonly server: number
}
