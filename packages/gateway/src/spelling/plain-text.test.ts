import { expect, test } from 'vitest'
import { plainText } from './plain-text.js'

test.each([
  ['/\u001b[31mred', '/\\u{1b}[31mred'],
  ['/\u009b2J', '/\\u{9b}2J'],
  ['/a\u202eb', '/a\\u{202e}b'],
  ['/a\r\nb\u0007', '/a\\u{d}\\u{a}b\\u{7}'],
  ['/<script>städte', '/<script>städte'],
])('%j is shown as %s', (text, shown) => {
  expect(plainText(text)).toBe(shown)
})

test('long text is cut', () => {
  expect(plainText('a'.repeat(200), 10)).toBe(`${'a'.repeat(10)}…`)
})
