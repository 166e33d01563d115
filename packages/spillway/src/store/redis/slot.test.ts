import { describe, expect, it } from 'vitest'
import { HASH_SLOTS, hashSlot } from './slot.js'

describe('hashSlot', () => {
  it('is CRC-16/XMODEM modulo 16,384, whose check value the specification gives', () => {
    expect(hashSlot('123456789')).toBe(0x31c3 % HASH_SLOTS)
  })

  // Answers of `CLUSTER KEYSLOT` of Redis.
  it.each([
    ['foo', 12182],
    ['bar', 5061],
    ['hello', 866],
    ['user:1000', 1649],
    ['größe', 9425],
    ['💧', 12481],
    ['foo{}{bar}', 8363],
    ['foo{bar', 15278],
    ['foo}bar{', 11073],
    ['{}', 15257],
  ])('of %j is %i', (key, slot) => {
    expect(hashSlot(key)).toBe(slot)
  })

  // The examples of the specification, "Hash tags".
  it.each([
    ['{user1000}.following', 'user1000'],
    ['{user1000}.followers', 'user1000'],
    ['foo{{bar}}zap', '{bar'],
    ['foo{bar}{zap}', 'bar'],
  ])('of %s is that of %s', (key, tag) => {
    expect(hashSlot(key)).toBe(hashSlot(tag))
  })
})
