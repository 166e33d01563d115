import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { towns } from './faults.fixture.js'
import { parsePolicy } from './parse-policy.js'
import { wholeFile } from './place.js'
import type { PolicyIssue } from './policy-error.js'
import { PolicyError } from './policy-error.js'
import type { Shape } from './shape.js'
import { boolean, integer, oneOf, string } from './shape.js'
import { list, map, object, oneOrList, optional, union } from './shape-composite.js'
import { plainData } from './shape-plain.js'

function parse<T>(shape: Shape<T>, value: unknown): T | readonly string[] {
  const issues: PolicyIssue[] = []
  const parsed = shape.parse(value, wholeFile, issues)
  return parsed === undefined || issues.length > 0 ? issues.map(({ path, message }) => `${path}: ${message}`) : parsed
}

describe('a shape', () => {
  const rule = object({ name: string(), cost: optional(integer({ min: 1 })), tags: optional(oneOrList(string())) })

  test('gives the typed value, and leaves out what is absent or undefined', () => {
    expect(parse(rule, { name: 'a', tags: 'x' })).toEqual({ name: 'a', tags: ['x'] })
    expect(parse(rule, { name: 'a', cost: undefined })).toEqual({ name: 'a' })
    expect(parse(map(boolean()), { a: true })).toEqual(new Map([['a', true]]))
  })

  test('collects every fault at once, each with its place', () => {
    expect(parse(list(rule), [{ nam: 'a' }, { name: '', cost: '2' }, { name: 'a', tags: [1, 'b', null] }])).toEqual([
      '[0].nam: unknown key, did you mean `name`?',
      '[1].name: is empty',
      '[1].cost: must be a whole number, not text: drop the quotes',
      '[2].tags[0]: must be text, not 1: put it in quotes',
      '[2].tags[2]: has no value: it must be text',
    ])
  })

  test('takes an object of another realm, as it is a plain one', () => {
    expect(parse(rule, runInNewContext('({ name: "a" })'))).toEqual({ name: 'a' })
    expect(parse(rule, Object.assign(Object.create(null), { name: 'a' }))).toEqual({ name: 'a' })
  })

  test('lets the kind of a value choose among several shapes', () => {
    const shape = union(oneOf('off', 'on'), integer({ min: 0 }), list(string()))
    expect(parse(shape, 'on')).toBe('on')
    expect(parse(shape, 0)).toBe(0)
    expect(parse(shape, ['a'])).toEqual(['a'])
    expect(parse(shape, true)).toEqual([': must be one of `off`, `on` or a whole number or a list, not true'])
  })

  test('never shows the value of a text, which may be a secret', () => {
    const shapes: readonly Shape<unknown>[] = [integer({ min: 1 }), boolean(), oneOf('a', 'b'), list(string()), rule]
    for (const shape of shapes) {
      expect(JSON.stringify(parse(shape, 'hunter2'))).not.toContain('hunter2')
    }
    expect(JSON.stringify(parse(map(boolean()), { hunter2: 1 }))).not.toContain('hunter2')
  })
})

describe('plain data', () => {
  test('is copied as it is', () => {
    const data = { nodes: [{ host: 'a', port: 1 }], tls: true }
    const copied = parse(plainData(), data)
    expect(copied).toEqual(data)
    expect(copied).not.toBe(data)
  })

  test('holds no function, no class and no other prototype', () => {
    const given = JSON.parse('{ "a": 1, "__proto__": { "b": 2 } }')
    expect(parse(plainData(), { at: new Date(0), run: () => 1 })).toEqual([
      'at: must be plain data, not a date',
      'run: must be plain data, not a function',
    ])
    expect(parse(plainData(), given)).toEqual(['__proto__: `__proto__` cannot be a key here'])
  })

  test('that holds itself many times over comes to an end', () => {
    const itself: Record<string, unknown> = {}
    for (let i = 0; i < 100; i++) itself[`key${i}`] = itself
    expect(parse(plainData(), itself)).toContainEqual(expect.stringContaining('no more than 1000 values are read'))
  })
})

test('whatever is put in the place of a value, the policy is read or every fault is told', () => {
  const policy = {
    store: { redis: { url: 'redis://localhost', sentinel: {}, tls: {} } },
    identity: [{ jwt: { publicKey: {}, algorithms: ['RS256'] } }, { header: { name: 'a', groups: {} } }, { ip: {} }],
    rules: [{ ...towns, block: {}, partition: [] }],
    denied: { body: {} },
  }
  const places = [
    ...[[], ['rules'], ['rules', 0], ['rules', 0, 'quotas'], ['rules', 0, 'block'], ['rules', 0, 'partition']],
    ...[['identity'], ['identity', 0], ['identity', 0, 'jwt', 'publicKey'], ['identity', 1, 'header', 'groups']],
    ...[
      ['identity', 2, 'ip'],
      ['store'],
      ['store', 'redis'],
      ['store', 'redis', 'url'],
      ['denied', 'body'],
      ['listen'],
      ['layers'],
    ],
  ]
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
    withTypedArray: true,
    key: fc.constantFrom('__proto__', 'constructor', 'limit', 'window', 'for', 'path', 'quotas', 'name', 'toString'),
  })
  fc.assert(
    fc.property(fc.constantFrom(...places), anything, (keys, value) => {
      try {
        parsePolicy(replaced(policy, keys, value))
      } catch (error) {
        expect(error).toBeInstanceOf(PolicyError)
      }
    }),
    { numRuns: 1_000 },
  )
})

function replaced(whole: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value
  if (Array.isArray(whole)) return whole.map((each, index) => (index === key ? replaced(each, rest, value) : each))
  const held = whole as Record<string, unknown>
  return { ...held, [key]: replaced(held[key], rest, value) }
}
