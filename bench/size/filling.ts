/** What came of filling a contestant with partitions. */
export interface Filling {
  /** Bytes in use for each partition. */
  readonly bytes: number
  /** The longest single charge, in milliseconds. */
  readonly charge: number
  /** The longest single charge without the garbage collection in it, in milliseconds. */
  readonly own: number
  /** The longest turn of the event loop, in milliseconds: a batch of charges, and whatever came between. */
  readonly turn: number
  /** The longest garbage collection, in milliseconds. */
  readonly collection: number
}
