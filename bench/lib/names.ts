/** Names of partitions: flat strings of one byte a character, as a header has them. */
export function nameOf(index: number): string {
  return Buffer.from(`user-${index}`, 'latin1').toString('latin1')
}

/** A repeatable source of numbers from 0 to 1 (mulberry32, Tommy Ettinger, public domain). */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Draws from `count` ranks, the first drawn most: rank n has a weight of 1/n (Zipf's law). */
export function zipfRanks(count: number, random: () => number): () => number {
  const sums = new Float64Array(count)
  let sum = 0
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + 1)
    sums[rank] = sum
  }
  return () => {
    const sought = random() * sum
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] as number) < sought) low = middle + 1
      else high = middle
    }
    return low
  }
}
