import { expect, test } from 'vitest'
import { jsonFault } from './json-fault.js'

test.each(['{}', '{"a": [1, 2.5e3, true, null, "x\\u0041"]}', ' [] '])('%s has no fault', (text) => {
  expect(jsonFault(text)).toBeUndefined()
})

test.each([
  ['{"a": 1,}', 8],
  ['{"a": hunter2}', 6],
  ["{'a': 1}", 1],
  ['{ // why\n}', 2],
  ['[01]', 2],
  ['{} x', 3],
  ['{"a": NaN}', 6],
  ['{"a": "line\nline"}', 11],
])('%j has its fault at character %i', (text, offset) => {
  expect(jsonFault(text)?.offset).toBe(offset)
})

test.each(['', '{', '{"a": "x', '[1, 2'])('%j ends too early', (text) => {
  expect(jsonFault(text)).toEqual({ offset: text.length, message: 'this is not JSON: it ends too early' })
})

test('the text around a fault is not shown', () => {
  expect(jsonFault('{"secret": hunter2}')?.message).not.toContain('hunter')
})
