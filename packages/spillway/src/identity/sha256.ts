/**
 * Where the digest starts: the first 32 bits of the fractions of the square roots of the first eight primes (FIPS
 * 180-4, 5.3.3).
 */
const START = fractions(8, Math.sqrt)
/** The same of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
const ROUNDS = fractions(64, Math.cbrt)

const BLOCK = 64
/** The message schedule of the block that is being read. Nothing waits in between, so that one is enough. */
const schedule = new Int32Array(BLOCK)

/** SHA-256 (FIPS 180-4, 6.2), at once: that of WebCrypto is a promise. Messages are below 512 MiB. */
export function sha256(message: Uint8Array): Uint8Array {
  const padded = new DataView(new ArrayBuffer(Math.ceil((message.length + 9) / BLOCK) * BLOCK))
  new Uint8Array(padded.buffer).set(message)
  padded.setUint8(message.length, 0x80)
  padded.setUint32(padded.byteLength - 4, message.length * 8)

  const state = Int32Array.from(START)
  for (let at = 0; at < padded.byteLength; at += BLOCK) readBlock(state, padded, at)

  const digest = new DataView(new ArrayBuffer(32))
  for (const [i, word] of state.entries()) digest.setInt32(4 * i, word)
  return new Uint8Array(digest.buffer)
}

function readBlock(state: Int32Array, message: DataView, at: number): void {
  for (let i = 0; i < 16; i++) schedule[i] = message.getInt32(at + 4 * i)
  for (let i = 16; i < BLOCK; i++) {
    const [w15, w2] = [schedule[i - 15] as number, schedule[i - 2] as number]
    const small0 = turned(w15, 7) ^ turned(w15, 18) ^ (w15 >>> 3)
    const small1 = turned(w2, 17) ^ turned(w2, 19) ^ (w2 >>> 10)
    schedule[i] = (schedule[i - 16] as number) + small0 + (schedule[i - 7] as number) + small1
  }

  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < BLOCK; i++) {
    const big1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
    const big0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
    const choice = (e & f) ^ (~e & g)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    const first = (h + big1 + choice + (ROUNDS[i] as number) + (schedule[i] as number)) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + big0 + majority) | 0]
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] as number) + word
}

/** Rotated to the right. */
function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

function fractions(count: number, root: (prime: number) => number): Int32Array {
  const primes: number[] = []
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  return Int32Array.from(primes, (prime) => Math.floor((root(prime) % 1) * 2 ** 32) | 0)
}
