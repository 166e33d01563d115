/** A secret that makes fingerprints unguessable: nobody can look for two names with the same one. */
export interface FingerprintKey {
  readonly k0: number
  readonly k1: number
}

/** Where `fingerprint` leaves its 64 bits, as two signed halves: one object for all calls, so that none allocates. */
export const print = { high: 0, low: 0 }

/** A fresh secret, for one store. */
export function fingerprintKey(): FingerprintKey {
  const [k0 = 0, k1 = 0] = crypto.getRandomValues(new Int32Array(2))
  return { k0, k1 }
}

/**
 * HalfSipHash-1-3 with 64 bits of output (Aumasson, Bernstein: SipHash, 2012), over the UTF-16 units of a name, two to a
 * word. Among a million partitions the odds that any two share a fingerprint are one in 37 million, and nobody without
 * the key can make it likelier. The high half is never 0, which marks an empty row.
 */
export function fingerprint(name: string, { k0, k1 }: FingerprintKey): void {
  const length = name.length
  let v0 = k0
  let v1 = k1 ^ 0xee
  let v2 = 0x6c796765 ^ k0
  let v3 = 0x74656462 ^ k1

  // One round to a word; after the last of them come the two times three rounds of the end, in the same loop so that
  // the round is written once.
  const words = (length + 2) >> 1
  for (let i = 0; i < words + 6; i++) {
    let word = 0
    if (i < words) {
      const at = i << 1
      word = at < length ? name.charCodeAt(at) : length
      word |= (at + 1 < length ? name.charCodeAt(at + 1) : length & 0xffff) << 16
    } else if (i === words) v2 ^= 0xee
    else if (i === words + 3) {
      print.low = v1 ^ v3
      v1 ^= 0xdd
    }

    v3 ^= word
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    v0 ^= word
  }
  print.high = v1 ^ v3 || 1
}
