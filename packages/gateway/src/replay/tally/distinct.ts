/** About how many different names there were. */
export interface Distinct {
  add(name: string): void
  estimate(): number
}

const BITS = 14
const REGISTERS = 1 << BITS
/** The bits of a hash that a rank is found in, and so the highest rank. */
const RANK_BITS = 32 - BITS

/**
 * Counts different names in 16 KiB, right within 0.8 % as a rule (HyperLogLog; Flajolet, Fusy, Gandouet, Meunier, 2007;
 * its estimate as in Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017, 4, which is as near for
 * any number, where the first one is 2.5 % too high for some 40,000).
 */
export function distinct(): Distinct {
  const ranks = new Uint8Array(REGISTERS)
  return {
    add(name) {
      const hash = hashOf(name)
      const register = hash >>> RANK_BITS
      const rank = Math.min(Math.clz32(hash << BITS), RANK_BITS) + 1
      if (rank > (ranks[register] as number)) ranks[register] = rank
    },
    estimate() {
      const shares = new Float64Array(RANK_BITS + 2)
      for (const rank of ranks) shares[rank] = (shares[rank] as number) + 1 / REGISTERS
      let sum = highestShare(shares[RANK_BITS + 1] as number)
      for (let rank = RANK_BITS; rank > 0; rank--) sum = (sum + (shares[rank] as number)) / 2
      return Math.round(REGISTERS / (2 * Math.LN2 * (sum + emptyShare(shares[0] as number))))
    },
  }
}

/** What registers of rank 0 add to the sum, by their share: Ertl's sigma. */
function emptyShare(share: number): number {
  let [power, factor, sum, before] = [share, 1, share, 0]
  while (sum !== before) {
    power *= power
    before = sum
    sum += power * factor
    factor *= 2
  }
  return sum
}

/** What registers of the highest rank add to it: Ertl's tau of the share of the others. */
function highestShare(share: number): number {
  if (share === 0 || share === 1) return 0
  let [root, factor, sum, before] = [1 - share, 1, share, 0]
  while (sum !== before) {
    root = Math.sqrt(root)
    before = sum
    factor /= 2
    sum -= (1 - root) ** 2 * factor
  }
  return sum / 3
}

function hashOf(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
