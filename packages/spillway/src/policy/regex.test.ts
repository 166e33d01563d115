import { describe, expect, test } from 'vitest'
import { pathRegex } from './path-regex.js'
import { re2 } from './regex.js'

describe('pathRegex with re2', () => {
  const users = pathRegex('/user/\\d+', re2, { strict: false })

  test('matches from the start of the path, not to its end', () => {
    expect(users.test('/user/5')).toBe(true)
    expect(users.test('/user/5/posts')).toBe(true)
    expect(users.test('/a/user/5')).toBe(false)
    expect(users.test('/user/x')).toBe(false)
  })

  test('matches to the end where the expression says so', () => {
    expect(pathRegex('/user/\\d+$', re2, { strict: false }).test('/user/5/posts')).toBe(false)
  })

  test('anchors every alternative, and under multi-line flags too', () => {
    expect(pathRegex('/a|/b', re2, { strict: false }).test('/x/b')).toBe(false)
    expect(pathRegex('(?m)^/b', re2, { strict: false }).test('/x\n/b')).toBe(false)
  })

  test('tells letter case apart only where paths are strict', () => {
    expect(pathRegex('/User', re2, { strict: false }).test('/user')).toBe(true)
    expect(pathRegex('/User', re2, { strict: true }).test('/user')).toBe(false)
    expect(pathRegex('/User', re2, { strict: true }).test('/User')).toBe(true)
  })

  test('is described by its source', () => {
    expect(users).toMatchObject({ source: '/user/\\d+', syntax: 'regex' })
  })

  test.each(['user/\\d+', 'towns', 'a'])('refuses %j, which no path begins with', (source) => {
    expect(() => pathRegex(source, re2, { strict: false })).toThrow(SyntaxError)
    expect(() => pathRegex(source, re2, { strict: false })).toThrow('the start of the path, which is a slash')
  })

  test.each(['a*/b', 'a?/b', 'a{0,1}/b', 'a|/b', '.*b', '(?:x|/)b'])(
    'takes %j, which a path can begin with',
    (source) => {
      expect(pathRegex(source, re2, { strict: false }).test('/b')).toBe(true)
    },
  )

  test.each([
    ['/(?=a)', 'looks ahead or behind'],
    ['/(?!a)', 'looks ahead or behind'],
    ['/(?<=a)b', 'looks ahead or behind'],
    ['/(a)\\1', 'refers back to a group'],
    ['/(?<n>a)\\k<n>', 'refers back to a group'],
    ['/(', 'missing closing'],
    ['/a)|(b', 'unexpected )'],
    ['/[', 'missing closing ]'],
    ['/a**', 'repetition'],
    ['/a{2000}', 'repeat count'],
    ['/(a?){500}(a?){499}$', 'write "+" or "*"'],
    [`/${'a'.repeat(1000)}`, 'at most 1000 characters'],
  ])('refuses %j: %s', (source, reason) => {
    expect(() => pathRegex(source, re2, { strict: false })).toThrow(SyntaxError)
    expect(() => pathRegex(source, re2, { strict: false })).toThrow(reason)
  })
})

describe('an expression that takes exponential time elsewhere', () => {
  const paths = [`/${'a'.repeat(8190)}!`, `${'/a'.repeat(4095)}!`, `/${'ab'.repeat(4095)}`]

  test.each([
    '^\\/(a+)+$',
    '/(a|a)*$',
    '/(a|aa)+$',
    '/(.*)*x$',
    '/(a*)*c',
    '/([a-z]+)*\\d',
    '/(\\w+/?)+\\?$',
    '/(x+x+)+y',
    '/.*.*.*=.*',
    '/(a?){120}a{120}$',
    '/(.*)(a[ab]{20})\\?$',
  ])('%j takes little on 8 KB', (source) => {
    const expression = pathRegex(source, re2, { strict: false })
    const started = performance.now()
    for (const path of paths) expect(expression.test(path)).toBe(false)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

test('a fault tells of the expression as it was written', () => {
  expect(() => re2.compile('/a((', { ignoreCase: true })).toThrow(
    'the regular expression "/a((" cannot be used: missing closing ): "/a(("',
  )
  expect(() => re2.compile('/a**', { ignoreCase: false })).toThrow('invalid nested repetition operator: "**"')
})
