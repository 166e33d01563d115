import type { Units } from 'spillway'

/** What a limit has over what was needed: tomorrow is not as yesterday. */
const HEADROOM = 1.25
/** A lower limit refuses people by chance: a reload, a second tab, a client that tries again. */
const LEAST = 5
const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

/**
 * A limit that a person would write: with a quarter of headroom over what is needed, rounded up to 5, 6, 8, 10, 12, 15,
 * 20, 25 …
 */
export function roundLimit(needed: Units): Units {
  return roundUp(Math.max(LEAST, needed * HEADROOM))
}

/** The next such number above a limit. */
export function nextLimit(limit: Units): Units {
  return roundUp(limit + 1)
}

function roundUp(wanted: number): Units {
  const magnitude = 10 ** Math.floor(Math.log10(wanted))
  for (const step of STEPS) {
    const limit = Math.round(step * magnitude * 10) / 10
    if (Number.isInteger(limit) && limit >= wanted) return limit
  }
  return Math.ceil(wanted)
}
