/** A repeatable source of random numbers (mulberry32), so that a failing program can be run again by its seed. */
export interface Random {
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number
  /** Whether something happens that happens once in `times`. */
  oneIn(times: number): boolean
  pick<T>(values: readonly T[]): T
}

/** The same seed, a whole number, gives the same numbers everywhere and always. */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    int,
    oneIn: (times) => int(1, times) === 1,
    pick: (values) => values[int(0, values.length - 1)] as (typeof values)[number],
  }
}
