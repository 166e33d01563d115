// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a policy file names a variable
import { expect, test } from 'vitest'
import { nodeAt, plainValue } from './plain-value.js'
import { parseYaml } from './yaml-tree.js'

function read(text: string, env: NodeJS.ProcessEnv = {}) {
  const { tree } = parseYaml(text, 'yaml')
  const { faults, aliases, ...rest } = plainValue(tree.root, text, env)
  const place = (keys: (string | number)[]) => tree.position(nodeAt(tree.root, keys, aliases)?.range?.[0] ?? 0)
  return { ...rest, place, faults: faults.map(({ offset, ...fault }) => ({ ...tree.position(offset), ...fault })) }
}

test('maps, lists and scalars become plain values', () => {
  expect(read('a: [1, x, true, null, 2.5]\nb: { c: "1" }').value).toEqual({
    a: [1, 'x', true, null, 2.5],
    b: { c: '1' },
  })
})

test('YAML 1.2 knows no booleans but true and false, and no merge key', () => {
  expect(read('a: no\nb: on\n<<: { c: 1 }').value).toEqual({ a: 'no', b: 'on', '<<': { c: 1 } })
})

test('a key that looks like a number is the text that was written', () => {
  expect(read('007: x\n1e3: y\ntrue: z').value).toEqual({ '007': 'x', '1e3': 'y', true: 'z' })
})

test('a key __proto__ is an own key like any other and changes no prototype', () => {
  const { value } = read('__proto__: { polluted: true }\nconstructor: 1')

  expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor'])
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test('a repeated key is a fault at its second place', () => {
  expect(read('a: 1\nb:\n  c: 1\n  c: 2').faults).toEqual([
    { line: 4, column: 3, path: 'b.c', message: 'this key is there twice: keep one' },
  ])
})

test('a key that is a list, or nothing, is a fault', () => {
  expect(read('? [a]\n: 1').faults).toHaveLength(1)
  expect(read('~: 1').faults).toHaveLength(1)
})

test('an alias repeats what its anchor names, and its places are those of the anchor', () => {
  const { value, place } = read('a: &q\n  limit: 1\nb: *q')

  expect(value).toEqual({ a: { limit: 1 }, b: { limit: 1 } })
  expect(place(['b', 'limit'])).toEqual({ line: 2, column: 3 })
})

test('an alias without its anchor, and one inside its own anchor, are faults', () => {
  expect(read('a: *nobody').faults).toMatchObject([{ line: 1, column: 4, path: 'a' }])
  expect(read('a: &x [1, *x]').faults).toMatchObject([{ line: 1, column: 11, path: 'a[1]' }])
})

test('a billion laughs are one fault, at once', () => {
  const lines = ['l0: &l0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]']
  for (let n = 1; n < 10; n++) lines.push(`l${n}: &l${n} [${`*l${n - 1}, `.repeat(10)}]`)
  const started = performance.now()

  expect(read(lines.join('\n')).faults).toEqual([
    {
      line: 1,
      column: expect.any(Number),
      path: expect.any(String),
      message: expect.stringContaining('aliases repeat'),
    },
  ])
  expect(performance.now() - started).toBeLessThan(1_000)
})

test('aliases that nest one in the other are bounded in depth', () => {
  const lines = ['l0: &l0 [x]']
  for (let n = 1; n < 1_000; n++) lines.push(`l${n}: &l${n} [*l${n - 1}]`)

  expect(read(lines.join('\n')).faults[0]?.message).toMatch(/deep|aliases repeat/)
})

test('a value that is one variable is read again as a scalar, in quotes too', () => {
  const env = { N: '10', T: 'true', X: '0x10', W: '1m' }

  expect(read('[ "${N}", "${T}", "${X}", "${W}", "a${N}" ]', env).value).toEqual([10, true, 16, '1m', 'a10'])
  expect(read('limit: ${N}', env).value).toEqual({ limit: 10 })
  expect(read('limit: ${NOBODY:-7}', env).value).toEqual({ limit: 7 })
})

test('a secret of digits stays text', () => {
  expect(read('secret: ${S}\ntoken: "${S}"', { S: '0123' }).value).toEqual({ secret: '0123', token: '0123' })
})

test('a value that is one variable stays text where it is marked as text', () => {
  expect(read('a: !!str ${N}\nb: !!str "${N}"', { N: '10' }).value).toEqual({ a: '10', b: '10' })
})

test.each(['[1, 2]', '{ a: 1 }', '*x', '&x 1', '!!int 1', 'a: b', '- a', 'x # y', '"x"', 'a\nb: c', '---'])(
  'the value %j cannot become structure',
  (value) => {
    expect(read('a: ${V}\nb: 1', { V: value }).value).toEqual({ a: value, b: 1 })
  },
)

test('a variable in a key stays as it is written', () => {
  expect(read('${KEY}: 1', { KEY: 'rules' }).value).toEqual({ '${KEY}': 1 })
})

test('an unset variable is a fault at its own column', () => {
  expect(read('a:\n  b: "http://${HOST:-x}:${PORT}"').faults).toEqual([
    { line: 2, column: 25, path: 'a.b', message: expect.stringContaining('PORT is not set') },
  ])
})

test('the place of a value is its key, of an item the item, of what is not there the nearest around it', () => {
  const { place } = read('listen: x\nrules:\n  - path: /a\n    quotas: [1/second, 2/minute]')

  expect(place(['rules', 0, 'quotas'])).toEqual({ line: 4, column: 5 })
  expect(place(['rules', 0, 'quotas', 1])).toEqual({ line: 4, column: 24 })
  expect(place(['rules', 0, 'nothing'])).toEqual({ line: 3, column: 5 })
  expect(place([])).toEqual({ line: 1, column: 1 })
})

test('a merge key is a fault that says what to do instead, and so is a star that is meant as text', () => {
  for (const merged of ['*b', '[*b]']) {
    expect(read(`base: &b { a: 1 }\nrule:\n  <<: ${merged}`).faults).toMatchObject([
      { path: 'rule["<<"]', message: 'keys are not merged here: write them out, or repeat a whole value as `*name`' },
    ])
  }
  expect(read('path: **').faults).toMatchObject([
    { message: 'nothing above is named &*: a text that begins with * needs quotes, "**"' },
  ])
})
