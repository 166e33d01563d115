/** What one round took: nanoseconds a charge, of processor time and by the clock on the wall. */
export interface RoundTime {
  readonly processor: number
  readonly wall: number
}
