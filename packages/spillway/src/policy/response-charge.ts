/** Statuses of responses: one, or all of a hundred (`4xx`). A connection that breaks before an answer has the status 499. */
export type StatusMatch = number | StatusClass

/** All statuses of a hundred. */
export type StatusClass = (typeof STATUS_CLASSES)[number]

/** The words for `StatusClass`. */
export const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const

/** That units count by what came of a request. */
export interface ResponseCharge {
  /** The responses for which they count. */
  readonly on: readonly StatusMatch[]
}

/** Whether the units of a request count, once its response has this status. */
export function keepsUnits({ on }: ResponseCharge, status: number): boolean {
  const hundred = `${Math.floor(status / 100)}xx`
  return on.some((match) => match === status || match === hundred)
}

/** Whether a value is a status of a response, or the word for all of a hundred. */
export function isStatusMatch(value: unknown): value is StatusMatch {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 100 && value < 600
  return STATUS_CLASSES.some((word) => word === value)
}
