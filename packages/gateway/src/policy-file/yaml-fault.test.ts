import { expect, test } from 'vitest'
import { parseYaml } from './yaml-tree.js'

/** What is said of a text, as `LINE:COLUMN MESSAGE`. */
function said(text: string): string[] {
  const { tree, faults } = parseYaml(text, 'yaml')
  return faults.map(({ offset, message }) => {
    const { line, column } = tree.position(offset)
    return `${line}:${column} ${message}`
  })
}

test.each([
  ['a key that is out by one space', 'rules:\n  - path: /a\n   quotas: 1/s\n', '3:1'],
  ['a dash that is further out than the one before', 'rules:\n    - path: /a\n  - path: /b\n', '3:1'],
  ['a key that is further in than the one before', 'rules:\n  - path: /a\n      quotas: 1/s\n', '2:11'],
  ['a list below keys', 'rules:\n  path: /a\n  - path: /b\n', '3:1'],
])('of %s it says that lines do not line up', (_, text, place) => {
  expect(said(text)).toEqual([
    `${place} the lines around this do not line up: keys and dashes that belong together start in the same column`,
  ])
})

test.each([
  ['name: a: b', '1:7 a second `: ` in one line: quote the value, or start a new line'],
  ['a: 1\npath:/towns\n', '2:1 this is no key: a key has a colon and a space after it, as in `path: /towns`'],
  ['path: "/towns\n', '2:1 a text that is opened by " ends nowhere: close it with "'],
  ['rules:\n  - quotas: [1/s, 2/m\n  - path: /b\n', '3:3 a [ above ends nowhere: close it with ] before this'],
  ['rule: { path: /a }}\n', '1:19 this closes nothing: nothing is open here'],
  [
    'quotas: { limit: 10 window: 1m }',
    '1:18 inside [ ] and { } a comma parts what belongs together: one is missing here',
  ],
  ['path: *\n', '1:7 a value that begins with * needs quotes'],
  ['enforce: %10\n', '1:10 a value that begins with % needs quotes'],
  ['regex: "/user/\\d+"\n', '1:15 invalid escape sequence \\d: in single quotes a backslash is a backslash'],
])('of %j it says what to do', (text, message) => {
  expect(said(text)).toEqual([message])
})
