/** What a figure must reach. */
export interface Required {
  readonly of: 'ratio' | 'measured'
  readonly bound: 'at least' | 'at most'
  readonly value: number
}

/** One line of the table. */
export interface Figure {
  /** What was asked of every contestant alike. */
  readonly load: string
  readonly contestant: string
  /** Median over the rounds, in `unit`. */
  readonly measured: number
  readonly unit: string
  /** The same by the clock on the wall, where `measured` is processor time. */
  readonly wall?: number
  /**
   * This contestant beside `against`: the median of what each round finds, unless the note is of what a peer adds. Absent
   * where nothing is compared.
   */
  readonly ratio?: number
  readonly against?: string
  readonly required?: Required
  /** What a reader must know to compare fairly. */
  readonly note?: string
}

/** A contestant that could not take part: of those that were measured none stands for it. */
export interface Skipped {
  readonly contestant: string
  readonly why: string
}

/** What one part of the bench found. */
export interface PartResult {
  readonly part: string
  readonly title: string
  readonly figures: readonly Figure[]
  readonly skipped: readonly Skipped[]
}

/** How long and how often is measured. */
export interface Effort {
  /** Rounds in which every contestant takes its turn. */
  readonly rounds: number
  /** A share of the full length of a round: 1, or less for a quick look. */
  readonly scale: number
}

export function atLeast(of: Required['of'], value: number): Required {
  return { of, bound: 'at least', value }
}

export function atMost(of: Required['of'], value: number): Required {
  return { of, bound: 'at most', value }
}

/** Whether a contestant is one of Spillway's, and no peer or floor. */
export function isOurs(contestant: string): boolean {
  return contestant.includes('spillway')
}

/** Whether a figure is as required; undefined where nothing is. */
export function isMet({ required, measured, ratio }: Figure): boolean | undefined {
  if (required === undefined) return undefined
  const value = required.of === 'ratio' ? ratio : measured
  if (value === undefined) return false
  return required.bound === 'at least' ? value >= required.value : value <= required.value
}

/** The middle value, or the mean of the two in the middle. Throws a `RangeError` for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const high = sorted[Math.floor(sorted.length / 2)]
  const low = sorted[Math.ceil(sorted.length / 2) - 1]
  if (high === undefined || low === undefined) throw new RangeError('a median needs at least one value')
  return (low + high) / 2
}
