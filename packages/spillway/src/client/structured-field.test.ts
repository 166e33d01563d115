import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDictionary, parseList } from './structured-field.js'

const plain = (text: string) =>
  parseList(text)?.map(({ value, parameters }) => [value, Object.fromEntries(parameters)] as const)

describe('a list of items', () => {
  it('reads every kind of bare item, and parameters', () => {
    expect(plain('"a";r=50;t=30, tok/en;x, -12, 1.5, :aGk=:;f=?0, ?1, @1659578233, %"f%c3%bc"')).toEqual([
      [
        { kind: 'string', value: 'a' },
        { r: { kind: 'integer', value: 50 }, t: { kind: 'integer', value: 30 } },
      ],
      [{ kind: 'token', value: 'tok/en' }, { x: { kind: 'boolean', value: true } }],
      [{ kind: 'integer', value: -12 }, {}],
      [{ kind: 'decimal', value: 1.5 }, {}],
      [{ kind: 'binary', value: 'aGk=' }, { f: { kind: 'boolean', value: false } }],
      [{ kind: 'boolean', value: true }, {}],
      [{ kind: 'date', value: 1_659_578_233 }, {}],
      [{ kind: 'display', value: 'f%c3%bc' }, {}],
    ])
  })

  it('takes white space where RFC 9651 allows it, and no other', () => {
    expect(plain('  "a";  r=1\t ,\t"b"  ')).toHaveLength(2)
    for (const text of ['"a" ;r=1', '"a";r =1', '"a";r= 1', '\t"a"', '"a";\tr=1'])
      expect(parseList(text)).toBeUndefined()
  })

  it('takes the last of two parameters with one name, and undoes escapes', () => {
    expect(plain('"a\\"\\\\b";r=1;r=2')).toEqual([
      [{ kind: 'string', value: 'a"\\b' }, { r: { kind: 'integer', value: 2 } }],
    ])
  })

  it.each([
    '',
    ' ',
    ',',
    '"a",',
    ',"a"',
    '"a"  "b"',
    '"a',
    'a"',
    '"a\\b"',
    '"\u00fc"',
    '"a";',
    '"a";R=1',
    '"a";r=',
    '"a";r=1.',
    '"a";r=.5',
    '"a";r=1234567890123456',
    '"a";r=1.2345',
    '"a";r=+1',
    '"a";r=0x1',
    '("a" "b")',
    '"a";r=(1)',
    ':a*b:',
    ':a===:',
    '?2',
    '@1.5',
    '%"F%C3"',
    '"a";r=1e3',
    '"a"\n',
  ])('is malformed as %j', (text) => {
    expect(parseList(text)).toBeUndefined()
  })

  it('never throws, and takes time linear in the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'"\\;=,:()?@%a1. -'), maxLength: 60 }),
        (text) => void parseList(text),
      ),
    )
    const started = performance.now()
    for (const part of ['"a', '\\"', ';r=1', ' ,', ' ', ':', '1.', '%41']) {
      parseList(`"a"${part.repeat(100_000)}`)
      parseList(`"a"${part.repeat(100_000)}a`)
    }
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

describe('a dictionary', () => {
  it('reads items by key, a key alone being true, the last of one key counting', () => {
    const members = parseDictionary('limit=100, remaining=1;a, remaining=50, flag;x=1')
    expect([...(members ?? [])].map(([key, { value }]) => [key, value.value])).toEqual([
      ['limit', 100],
      ['remaining', 50],
      ['flag', true],
    ])
  })

  it.each(['', '=1', 'Limit=1', 'limit=', 'limit=1 remaining=2', 'limit=(1)', '"a"=1'])(
    'is malformed as %j',
    (text) => {
      expect(parseDictionary(text)).toBeUndefined()
    },
  )
})
