const LONGEST_WORD = 32

/**
 * The known word that a misspelt one most likely means, for a "did you mean". Letter case plays no part; swapped
 * neighbours are one mistake. Absent where none is within two mistakes, or within a third of the word's length.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > LONGEST_WORD) return undefined

  const wanted = word.toLowerCase()
  let best: string | undefined
  let fewest = Math.min(2, Math.max(1, Math.floor(word.length / 3))) + 1
  for (const candidate of known) {
    const mistakes = editDistance(wanted, candidate.toLowerCase())
    if (mistakes < fewest) {
      fewest = mistakes
      best = candidate
    }
  }
  return best
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let least = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1))
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        least = Math.min(least, at(beforeLast, column - 2) + 1)
      }
      current.push(least)
    }
    beforeLast = last
    last = current
  }
  return at(last, to.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
