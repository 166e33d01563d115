/** Milliseconds. A charge that takes longer has waited for a deadline. */
export const WAITED = 40

/** One charge: when it began, in milliseconds since the Unix epoch, and how many it took. */
export interface Sample {
  readonly at: number
  readonly took: number
}

/** What came of all charges. */
export interface Steadily {
  readonly samples: readonly Sample[]
  /** Charges that rejected. */
  readonly failed: number
  /** Units that the server has counted more than it answered. */
  readonly late: number
}
