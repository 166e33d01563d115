/** About how many different names there were. */
export interface Distinct {
  add(name: string): void
  estimate(): number
}

const BITS = 14
const REGISTERS = 1 << BITS

/**
 * Counts different names in 16 KiB, right within 0.8 % as a rule (HyperLogLog; Flajolet, Fusy, Gandouet, Meunier, 2007).
 */
export function distinct(): Distinct {
  const ranks = new Uint8Array(REGISTERS)
  return {
    add(name) {
      const hash = hashOf(name)
      const register = hash >>> (32 - BITS)
      const rank = Math.min(Math.clz32(hash << BITS), 32 - BITS) + 1
      if (rank > (ranks[register] as number)) ranks[register] = rank
    },
    estimate() {
      const sum = ranks.reduce((total, rank) => total + 2 ** -rank, 0)
      const empty = ranks.reduce((total, rank) => total + (rank === 0 ? 1 : 0), 0)
      const raw = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / sum
      return Math.round(raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw)
    },
  }
}

function hashOf(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
