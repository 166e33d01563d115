/** Whole microseconds: a span of time, or a moment counted from the Unix epoch (the name says which). */
export type Micros = number

/** A whole number of units: what a quota counts. */
export type Units = number

export const MILLISECOND: Micros = 1_000
export const SECOND: Micros = 1_000_000
export const MINUTE: Micros = 60 * SECOND
export const HOUR: Micros = 60 * MINUTE
export const DAY: Micros = 24 * HOUR
export const WEEK: Micros = 7 * DAY
/** 30 days; a calendar month is a quota with `every: month`. */
export const MONTH: Micros = 30 * DAY
/** 365 days; a calendar year is a quota with `every: year`. */
export const YEAR: Micros = 365 * DAY

/** Tells the time. `now()` is in microseconds since the Unix epoch; a step backwards is survived by every store. */
export interface Clock {
  now(): Micros
}

/** A clock that also wakes whoever waits. */
export interface AlarmClock extends Clock {
  /** Runs `ring` once, when `span` has passed from now and not before. Gives what calls that off. */
  wake(span: Micros, ring: () => void): () => void
}

/** A value, or a promise of it. Only a promise is worth an `await`: the memory store answers without one. */
export type Awaitable<T> = T | Promise<T>
