import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineBytes, markOf, newMarker, setMark } from './text.js'
import { textTable } from './text-table.js'

/** The texts of a table are found in one memory, each between others. */
function finder(places: number) {
  const table = textTable(places)
  return (text: string) => {
    const bytes = Buffer.from(`"${text}"`)
    return table.of(lineBytes(bytes), 1, bytes.length - 1)
  }
}

describe('a table of texts', () => {
  test('gives the text that stands there, one object each, as a Map by strings would', () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é'), maxLength: 30 }), { maxLength: 400 })
    fc.assert(
      fc.property(texts, (list) => {
        const find = finder(4096)
        const known = new Map(list.map((text) => [text, find(text)]))
        for (const text of list) {
          expect(find(text).text).toBe(text)
          expect(find(text)).toBe(known.get(text))
        }
      }),
    )
  })

  test.each([0, 1, 3, 4, 23, 24, 25, 28, 1024])('tells texts of %i bytes apart by any one byte', (length) => {
    const find = finder(4096)
    const plain = 'x'.repeat(length)
    const first = find(plain)
    for (let at = 0; at < length; at++) {
      const changed = `${plain.slice(0, at)}y${plain.slice(at + 1)}`
      expect(find(changed).text).toBe(changed)
    }
    expect(find(plain).text).toBe(plain)
    if (length < 1024) expect(find(plain)).toBe(first)
  })

  test('makes a text above 1,024 bytes anew each time', () => {
    const find = finder(64)
    expect(find('x'.repeat(1025))).not.toBe(find('x'.repeat(1025)))
    expect(find('x'.repeat(1025)).text).toBe('x'.repeat(1025))
  })

  test('that is full begins anew; texts that are held live on', () => {
    const find = finder(64)
    const early = find('early')
    for (let i = 0; i < 1000; i++) expect(find(`text ${i}`).text).toBe(`text ${i}`)
    expect(early.text).toBe('early')
    expect(find('early').text).toBe('early')
  })
})

test('each marker has a mark of its own on a text', () => {
  const text = finder(64)('203.0.113.7')
  const [first, second, third] = [newMarker<{ of: string }>(), newMarker<{ of: string }>(), newMarker<{ of: string }>()]
  const marks = () => [first, second, third].map((marker) => markOf(text, marker)?.of)
  expect(marks()).toEqual([undefined, undefined, undefined])
  setMark(text, first, { of: 'first' })
  setMark(text, third, { of: 'third' })
  expect(marks()).toEqual(['first', undefined, 'third'])
  setMark(text, second, { of: 'second' })
  setMark(text, first, { of: 'first, later' })
  expect(marks()).toEqual(['first, later', 'second', 'third'])
})
