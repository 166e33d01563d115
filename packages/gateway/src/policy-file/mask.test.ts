// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a policy file names a variable
import { expect, test } from 'vitest'
import { mask } from './mask.js'

const at = (keys: (string | number)[], value: string) => [{ name: 'V', value, keys }]

test('the value of a variable is shown as its name', () => {
  expect(mask('cannot read "hunter2"', ['a'], at(['a'], 'hunter2'))).toBe('cannot read "${V}"')
  expect(mask('cannot read "a\\"bcd"', ['a'], at(['a'], 'a"bcd'))).toBe('cannot read "${V}"')
})

test('it is hidden in messages about other places too', () => {
  expect(mask('the name hunter2 is there twice', ['b'], at(['a'], 'hunter2'))).toBe('the name ${V} is there twice')
})

test('a short value is hidden at its own place only', () => {
  expect(mask('must be at least 1, not -5', ['a'], at(['a'], '-5'))).toBe('must be at least 1, not ${V}')
  expect(mask('layer 1 has a fault', ['b'], at(['a'], '1'))).toBe('layer 1 has a fault')
})

test('a number is hidden in the spelling that it became', () => {
  expect(mask('must not be 1000', ['a'], at(['a'], '1e3'))).toBe('must not be ${V}')
})

test('of a message that shows a part of a value nothing is left', () => {
  expect(mask('cannot read "hunte…"', ['a'], at(['a'], 'hunter2'))).toBe(
    'the value that ${V} gives does not fit here (it is not shown, as it may be a secret)',
  )
})

test('a message without the value stays as it is', () => {
  expect(mask('must be text, not a list', ['a'], at(['a'], 'hunter2'))).toBe('must be text, not a list')
})
