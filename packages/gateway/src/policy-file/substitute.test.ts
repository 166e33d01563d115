// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a policy file names a variable
import { expect, test } from 'vitest'
import { substitute } from './substitute.js'

test('a variable stands for its value', () => {
  expect(substitute('http://${HOST}:${PORT}/', { HOST: 'localhost', PORT: '80' })).toMatchObject({
    text: 'http://localhost:80/',
    whole: false,
    used: [
      { name: 'HOST', value: 'localhost' },
      { name: 'PORT', value: '80' },
    ],
  })
})

test('a fallback stands for a variable that is unset or empty', () => {
  expect(substitute('${HOST:-localhost}', {}).text).toBe('localhost')
  expect(substitute('${HOST:-localhost}', { HOST: '' }).text).toBe('localhost')
  expect(substitute('${HOST:-}', {}).text).toBe('')
})

test('an unset variable without a fallback is a fault with its place', () => {
  const { faults } = substitute('a${NOBODY}', {})

  expect(faults).toEqual([{ offset: 1, message: expect.stringContaining('NOBODY is not set') }])
})

test('what every object inherits is not a variable', () => {
  expect(substitute('${__proto__}${constructor}', {}).faults).toHaveLength(2)
})

test('two dollar signs keep a brace literal', () => {
  expect(substitute('$${HOST}', { HOST: 'x' })).toMatchObject({ text: '${HOST}', used: [], whole: false })
})

test('what was put in is not looked at again', () => {
  expect(substitute('${A}', { A: '${B}', B: 'secret' }).text).toBe('${B}')
  expect(substitute('${A}{B}', { A: '$', B: 'secret' }).text).toBe('${B}')
})

test.each(['${}', '${1A}', '${A-B}', '${A', '${A:B}'])('%s is not a variable, and a fault says what is', (text) => {
  expect(substitute(text, { A: 'x' }).faults).toEqual([{ offset: 0, message: expect.stringContaining('${NAME}') }])
})

test('a dollar sign in a value keeps no special meaning', () => {
  expect(substitute('a${A}b', { A: "$&$'$1" }).text).toBe("a$&$'$1b")
})
