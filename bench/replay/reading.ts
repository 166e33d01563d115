/** What reading a log took. */
export interface Reading {
  readonly lines: number
  /** Seconds of processor time, all threads together. */
  readonly processor: number
  readonly wall: number
  /** Megabytes of resident memory, at most, in each tenth of the log. Empty where it is not asked. */
  readonly memory: readonly number[]
  /** Megabytes of resident memory, at most, from the start of the process. */
  readonly most: number
  /** What was found, so that nothing is left out as unused. */
  readonly found: number
}
