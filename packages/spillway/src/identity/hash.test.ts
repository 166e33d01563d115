import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashCredential } from './hash.js'

describe('hashCredential', () => {
  it('is the start of the base64url SHA-256 that any other tool computes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(hashCredential(text)).toBe(createHash('sha256').update(text, 'utf8').digest('base64url').slice(0, 22))
      }),
      { numRuns: 50 },
    )
  })

  it('tells apart credentials that differ in one character, and shows neither', () => {
    expect(hashCredential('k-123')).not.toBe(hashCredential('k-124'))
    expect(hashCredential('k-123')).toMatch(/^[\w-]{22}$/)
  })
})
