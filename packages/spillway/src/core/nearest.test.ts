import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearest } from './nearest.js'

const KNOWN = ['name', 'path', 'regex', 'method', 'group', 'quotas', 'partition', 'minute', 'minutes']

describe('nearest', () => {
  test.each([
    ['quota', 'quotas'],
    ['qoutas', 'quotas'],
    ['pth', 'path'],
    ['Path', 'path'],
    ['partitoin', 'partition'],
    ['minuets', 'minutes'],
    ['metod', 'method'],
  ])('of %j is %j', (word, meant) => {
    expect(nearest(word, KNOWN)).toBe(meant)
  })

  test.each(['', 'x', 'fortnight', 'limit', 'na', `path${'h'.repeat(40)}`])('of %j is nothing', (word) => {
    expect(nearest(word, KNOWN)).toBeUndefined()
  })

  test('finds a known word of four letters or more under any one mistake', () => {
    const mistake = fc.record({ word: fc.constantFrom(...KNOWN), place: fc.nat(), letter: fc.constantFrom(...'xyz') })
    fc.assert(
      fc.property(mistake, fc.constantFrom('insert', 'replace', 'remove'), ({ word, place, letter }, kind) => {
        const at = place % word.length
        const wrong =
          word.slice(0, at) + (kind === 'remove' ? '' : letter) + word.slice(kind === 'insert' ? at : at + 1)
        expect(nearest(wrong, [word])).toBe(word)
      }),
    )
  })
})
