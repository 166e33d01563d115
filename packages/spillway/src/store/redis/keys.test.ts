import { describe, expect, it } from 'vitest'
import { keysUnder, replicasKey, slotIn } from './keys.js'
import { hashSlot } from './slot.js'

const zone = (name: string) => ({ name, counters: [] })

describe('keys', () => {
  const keyOf = keysUnder('spillway:')

  it('put the partition between braces, and the zone behind', () => {
    expect(keyOf(zone('towns'), 'user:alice')).toBe('spillway:{user:alice}towns')
  })

  it('escape what could steer the hash tag or be taken for something else', () => {
    expect(keyOf(zone('a}{b%'), '{a}%')).toBe('spillway:{%7Ba%7D%25}a%7D%7Bb%25')
    expect(keyOf(zone('z'), '')).toBe('spillway:{%}z')
  })

  it('are never the same for two partitions, or two zones', () => {
    const long = 'x'.repeat(5_000)
    const names = ['', '%', '%25', '{}', '{', '}', 'a}b', 'a', 'A', '\ud83d', '\ufffd', '💧', '%D83D', long, `${long}y`]
    const keys = names.flatMap((name) => names.map((other) => keyOf(zone(name), other)))
    expect(new Set(keys).size).toBe(names.length ** 2)
    expect(new Set(keys.map((key) => Buffer.from(key).toString())).size).toBe(names.length ** 2)
  })

  it('tell a long partition by its hash', () => {
    expect(keyOf(zone('z'), 'x'.repeat(128))).toBe(`spillway:{${'x'.repeat(128)}}z`)
    expect(keyOf(zone('z'), 'x'.repeat(129))).toMatch(/^spillway:\{%h[\w-]{43}\}z$/)
  })

  it('of one partition lie in one hash slot, its beats too', () => {
    for (const partition of ['user:alice', '{a}', '', 'x'.repeat(500), 'é']) {
      const slots = [keyOf(zone('a'), partition), keyOf(zone('b}'), partition), replicasKey('spillway:', partition)]
      expect(slots.map(hashSlot)).toEqual(slots.map(() => slotIn('spillway:')(partition)))
    }
  })
})
