import { describe, expect, it } from 'vitest'
import { fingerprint, fingerprintKey, print } from './fingerprint.js'

const KEY = { k0: 0x03020100, k1: 0x07060504 }

function printOf(name: string, key = KEY): [high: number, low: number] {
  fingerprint(name, key)
  return [print.high, print.low]
}

/** HalfSipHash with 64 bits of output as its authors write it, so many rounds a word and at the end. */
function halfSipHash(words: readonly number[], perWord: number, atEnd: number): [high: number, low: number] {
  const v = [KEY.k0, KEY.k1 ^ 0xee, 0x6c796765 ^ KEY.k0, 0x74656462 ^ KEY.k1] as [number, number, number, number]
  const rotated = (x: number, by: number) => (x << by) | (x >>> (32 - by))
  const rounds = (count: number) => {
    for (let i = 0; i < count; i++) {
      v[0] += v[1]
      v[1] = rotated(v[1], 5) ^ v[0]
      v[0] = rotated(v[0], 16)
      v[2] += v[3]
      v[3] = rotated(v[3], 8) ^ v[2]
      v[0] += v[3]
      v[3] = rotated(v[3], 7) ^ v[0]
      v[2] += v[1]
      v[1] = rotated(v[1], 13) ^ v[2]
      v[2] = rotated(v[2], 16)
    }
  }
  for (const word of words) {
    v[3] ^= word
    rounds(perWord)
    v[0] ^= word
  }
  v[2] ^= 0xee
  rounds(atEnd)
  const low = v[1] ^ v[3]
  v[1] ^= 0xdd
  rounds(atEnd)
  return [v[1] ^ v[3], low]
}

function wordsOf(name: string): number[] {
  const units = Array.from({ length: name.length }, (_, i) => name.charCodeAt(i))
  while (units.length < 2 * ((name.length + 2) >> 1)) units.push(name.length)
  return Array.from({ length: units.length / 2 }, (_, i) => (units[2 * i] ?? 0) | ((units[2 * i + 1] ?? 0) << 16))
}

describe('fingerprint', () => {
  it('is HalfSipHash: the reckoning here gives the first published vector', () => {
    const bytes = new Uint8Array(new Int32Array(halfSipHash([0], 2, 4).reverse()).buffer)
    expect([...bytes]).toEqual([0x21, 0x8d, 0x1f, 0x59, 0xb9, 0xb8, 0x3c, 0xc8])
  })

  it.each(['', 'a', 'ab', 'abc', 'user:alice', 'ip:2001:db8::/64', 'München', '😀', 'x'.repeat(1000)])(
    'gives %j what HalfSipHash gives, with one round a word and three at the end',
    (name) => {
      expect(printOf(name)).toEqual(halfSipHash(wordsOf(name), 1, 3))
    },
  )

  it('tells 200,000 similar names apart', () => {
    const seen = new Set<string>()
    for (let i = 0; i < 100_000; i++) {
      for (const name of [`user:${i}`, `ip:10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`]) seen.add(printOf(name).join())
    }
    expect(seen.size).toBe(200_000)
  })

  it('tells names apart that differ only in trailing NULs', () => {
    const names = ['', '\0', '\0\0', '\0\0\0', '\0\0\0\0']
    expect(new Set(names.map((name) => printOf(name).join())).size).toBe(names.length)
  })

  it('gives a name another print under another key', () => {
    expect(printOf('user:alice', fingerprintKey())).not.toEqual(printOf('user:alice', fingerprintKey()))
  })

  it('spreads over all bits of both halves', () => {
    const ones = { high: 0, low: 0 }
    for (let i = 0; i < 1_000; i++) {
      const [high, low] = printOf(`user:${i}`)
      ones.high |= high
      ones.low |= low
    }
    expect(ones).toEqual({ high: -1, low: -1 })
  })

  it('never leaves a high half of 0, which marks an empty row', () => {
    const names = Array.from({ length: 20_000 }, (_, i) => String(i))
    expect(names.some((name) => printOf(name)[0] === 0)).toBe(false)
  })
})
