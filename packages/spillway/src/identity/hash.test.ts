import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hashCredential } from './hash.js'

describe('hashCredential', () => {
  it.each([
    '',
    'k-123',
    'ключ',
    '🔑',
    '\ud800',
    '\u0000',
    'x'.repeat(55),
    'x'.repeat(56),
    'x'.repeat(64),
    'x'.repeat(1_024),
  ])('gives for %.20j the start of the base64url SHA-256 that any other tool computes', (text) => {
    expect(hashCredential(text)).toBe(createHash('sha256').update(text, 'utf8').digest('base64url').slice(0, 22))
  })

  it('tells apart credentials that differ in one character, and shows neither', () => {
    expect(hashCredential('k-123')).not.toBe(hashCredential('k-124'))
    expect(hashCredential('k-123')).toMatch(/^[\w-]{22}$/)
  })
})
