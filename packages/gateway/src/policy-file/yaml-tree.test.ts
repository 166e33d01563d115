// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a policy file names a variable
import { expect, test } from 'vitest'
import { parseYaml } from './yaml-tree.js'

const faultsOf = (text: string, syntax: 'yaml' | 'json' = 'yaml') => {
  const { tree, faults } = parseYaml(text, syntax)
  return faults.map(({ offset, message }) => ({ ...tree.position(offset), message }))
}

test('a sound file has a root and no faults', () => {
  const { tree, faults } = parseYaml('rules: []\n', 'yaml')

  expect(faults).toEqual([])
  expect(tree.root).toBeDefined()
})

test('an empty file, and one of comments, has no root', () => {
  expect(parseYaml('', 'yaml').tree.root).toBeUndefined()
  expect(parseYaml('# nothing\n', 'yaml').tree.root).toBeUndefined()
})

test('a tab as indentation is a fault with its line', () => {
  expect(faultsOf('rules:\n\t- path: /a')).toEqual([{ line: 2, column: 1, message: 'a tab cannot indent: use spaces' }])
})

test('a variable inside braces needs quotes', () => {
  expect(faultsOf('quotas: { limit: ${N} }')).toEqual([
    { line: 1, column: 19, message: 'inside [ ] and { } a variable needs quotes: write "${NAME}"' },
  ])
})

test('faults of several lines come at once, one a line', () => {
  expect(faultsOf('a: b: c\nd: e: f\n').map(({ line }) => line)).toEqual([1, 2])
})

test('a second document is a fault, however many follow', () => {
  expect(faultsOf('a: 1\n---\nb: 2\n---\nc: 3')).toEqual([
    { line: 2, column: 1, message: expect.stringContaining('remove the `---`') },
  ])
  expect(faultsOf('---\na: 1\n...\n')).toEqual([])
})

test('another version of YAML is refused: it reads `no` and `010` differently', () => {
  expect(faultsOf('%YAML 1.1\n---\na: no')).toEqual([{ line: 1, column: 1, message: 'only YAML 1.2 is read here' }])
})

test('an unknown tag is a fault', () => {
  expect(faultsOf('a: !python/object x')).toMatchObject([
    { message: 'unresolved tag: !python/object. Tags mean nothing here: remove it' },
  ])
})

test.each(['[', '- ', '? ', '{a: ', '[?'])('%j ten thousand times is refused, not a stack overflow', (opening) => {
  expect(faultsOf(opening.repeat(10_000))).toEqual([
    { line: 1, column: expect.any(Number), message: 'nested more than 100 deep' },
  ])
})

test('JSON is read with tabs and its places, but not with the liberties of YAML', () => {
  expect(faultsOf('{\n\t"rules": [\n\t\t{ "path": "/a" }\n\t]\n}', 'json')).toEqual([])
  expect(faultsOf('{\n  "rules": [],\n}', 'json')).toEqual([
    { line: 3, column: 1, message: 'this is not JSON: "}" cannot stand here' },
  ])
})

test('Windows line ends count as one', () => {
  expect(faultsOf('a: 1\r\n\tb: 2\r\n')[0]).toMatchObject({ line: 2 })
})
