import type { Micros } from 'spillway'

/** A window that a quota may have. */
export interface Window {
  /** As a quota spells it: `10/minute`. */
  readonly name: 'second' | 'minute' | 'hour' | 'day'
  readonly length: Micros
}

const SECOND: Micros = 1_000_000

/** The windows that people think in, shortest first. */
export const WINDOWS: readonly Window[] = [
  { name: 'second', length: SECOND },
  { name: 'minute', length: 60 * SECOND },
  { name: 'hour', length: 3_600 * SECOND },
  { name: 'day', length: 86_400 * SECOND },
]

/** What is known of a window from less than so many of them is chance. */
const FEWEST_SEEN = 3

/** Finds which windows a log is long enough for. */
export interface WindowCount {
  /** Times do not go back. */
  add(at: Micros): void
  /** Those of which the log has seen at least three; a second always. */
  known(): readonly Window[]
}

/** Counts in how many different minutes, hours and days there were requests: a wrong time in their midst adds two. */
export function windowCount(): WindowCount {
  const last = WINDOWS.map(() => -1)
  const seen = WINDOWS.map(() => 0)
  return {
    add(at) {
      for (const [i, { length }] of WINDOWS.entries()) {
        const current = Math.floor(at / length)
        if (current === last[i]) continue
        last[i] = current
        seen[i] = (seen[i] as number) + 1
      }
    },
    known: () => WINDOWS.filter((_, i) => i === 0 || (seen[i] as number) >= FEWEST_SEEN),
  }
}
