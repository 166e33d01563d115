/** What is counted under one name. */
export interface Counted {
  readonly name: string
  /** At least as often as it came. */
  count: number
}

/** Counts by name in bounded memory. */
export interface SpaceSaving<Entry extends Counted> {
  /** Counts a name once more, and gives its entry; a new one where it is not kept. */
  count(name: string): Entry
  /** What is kept, in no order. */
  entries(): Iterable<Entry>
  /** Whether every name is kept, so that all counts are exact. */
  exact(): boolean
}

/**
 * The heaviest names of a stream (Metwally, Agrawal, El Abbadi, "Efficient computation of frequent and top-k elements in
 * data streams", 2005): `kept` at least. A newcomer to a full table begins with the count of what was dropped.
 * Here half of the table is dropped at once, so that a newcomer costs the logarithm of the table on average.
 */
export function spaceSaving<Entry extends Counted>(
  kept: number,
  make: (name: string, count: number) => Entry,
): SpaceSaving<Entry> {
  let table = new Map<string, Entry>()
  let floor = 0

  const dropHalf = (): void => {
    const sorted = [...table.values()].sort((a, b) => b.count - a.count)
    floor = sorted[kept]?.count ?? floor
    table = new Map(sorted.slice(0, kept).map((entry) => [entry.name, entry]))
  }

  return {
    count(name) {
      const known = table.get(name)
      if (known !== undefined) {
        known.count++
        return known
      }
      if (table.size >= 2 * kept) dropHalf()
      const entry = make(name, floor + 1)
      table.set(name, entry)
      return entry
    },
    entries: () => table.values(),
    exact: () => floor === 0,
  }
}
