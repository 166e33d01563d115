import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalisePath } from './path.js'
import { pathPattern } from './path-pattern.js'

/** Whether a pattern is for a request target, both as they come. */
function matches(pattern: string, target: string, strict = false): boolean {
  const path = normalisePath(target, { strict })
  if (path.kind === 'malformed') throw new Error(path.reason)
  return pathPattern(pattern, { strict }).test(path.matched)
}

describe('pathPattern', () => {
  test.each([
    ['/towns', '/towns'],
    ['/towns', '/TOWNS/'],
    ['/Towns/', '/towns'],
    ['/t%6fwns', '/towns'],
    ['//towns', '/towns'],
    ['/towns', '//a/../towns;x=1?q'],
    ['/caf\u00e9', '/caf%c3%a9'],
    ['/', '/'],
    ['/', '//'],
    ['/users/:id', '/users/5'],
    ['/users/:id', '/users/5/'],
    ['/users/*', '/users/a%2Fb'],
    ['/users/:id/posts/:post', '/users/5/posts/6'],
    ['/:any', '/x'],
    ['/static/**', '/static'],
    ['/static/**', '/static/'],
    ['/static/**', '/static/a/b/c'],
    ['/users/:id/**', '/users/5'],
    ['/users/:id/**', '/users/5/posts'],
    ['/**', '/'],
    ['/**', '/a/b'],
    ['/**', '*'],
    ['/a:b', '/a:b'],
  ])('%j is for %j', (pattern, target) => {
    expect(matches(pattern, target)).toBe(true)
  })

  test.each([
    ['/städte', '/st%C3%A4dte'],
    ['/STädte/:id', '/st%c3%a4dte/5'],
    ['/städte', '/st\u00c3\u00a4dte'],
    ['/города', '/%D0%B3%D0%BE%D1%80%D0%BE%D0%B4%D0%B0'],
    ['/😀', '/%F0%9F%98%80'],
  ])('is text: %j is for %j, as clients send it in UTF-8', (pattern, target) => {
    expect(matches(pattern, target)).toBe(true)
    expect(matches(pattern, '/st%E4dte')).toBe(false)
  })

  test.each([
    ['/towns', '/town'],
    ['/towns', '/townsfolk'],
    ['/towns', '/towns/1'],
    ['/', '/a'],
    ['/', '*'],
    ['/*', '/'],
    ['/*', '*'],
    ['/*', '/a/b'],
    ['/users/:id', '/users'],
    ['/users/:id', '/users/'],
    ['/users/:id', '/users/5/posts'],
    ['/users/:id', '/usersx/5'],
    ['/users/:id/posts', '/users/5/postsx'],
    ['/users/:id/posts', '/users/5/post'],
    ['/static/**', '/staticx'],
    ['/static/**', '/stati'],
    ['/users/:id/**', '/users'],
    ['/a%2fb', '/a/b'],
  ])('%j is not for %j', (pattern, target) => {
    expect(matches(pattern, target)).toBe(false)
  })

  test('tells letter case and a trailing slash apart where paths are strict', () => {
    expect(matches('/Towns', '/Towns', true)).toBe(true)
    expect(matches('/Towns', '/towns', true)).toBe(false)
    expect(matches('/towns', '/towns/', true)).toBe(false)
    expect(matches('/towns/', '/towns/', true)).toBe(true)
    expect(matches('/towns/', '/towns', true)).toBe(false)
    expect(matches('/users/:id', '/users/5/', true)).toBe(false)
    expect(matches('/users/:id/', '/users/5/', true)).toBe(true)
    expect(matches('/users/:id/', '/users/5/x', true)).toBe(false)
    expect(matches('/static/**', '/static/', true)).toBe(true)
    expect(matches('/', '/', true)).toBe(true)
  })

  test('names its segments', () => {
    expect(pathPattern('/Users/:id/x/**', { strict: false })).toMatchObject({
      source: '/Users/:id/x/**',
      syntax: 'pattern',
      segments: [{ kind: 'literal', text: 'users' }, { kind: 'one' }, { kind: 'literal', text: 'x' }, { kind: 'rest' }],
    })
    expect(pathPattern('/', { strict: true }).segments).toEqual([])
    expect(pathPattern('/a/', { strict: true }).segments).toHaveLength(2)
  })

  test.each([
    ['towns', 'write "/towns"'],
    ['', 'write "/"'],
    ['*', 'is written "/**"'],
    ['/a?b=1', 'the query plays no part'],
    ['/a#b', 'a fragment is never sent'],
    ['/a;x', 'parameters play no part'],
    ['/a\\b', 'write a slash'],
    ['/users/{id}', 'a variable is written ":id"'],
    ['/a/./b', 'leave it out'],
    ['/a/../b', 'leave it out'],
    ['/a/%2e%2E', 'leave it out'],
    ['/a*b', 'use a regex'],
    ['/***', 'use a regex'],
    ['/**/b', 'it comes last'],
    ['/**/', 'it comes last'],
    ['/users/:', 'a name of letters'],
    ['/users/:a-b', 'a name of letters'],
    ['/a%', 'a broken percent sequence'],
    ['/a%00', 'a NUL'],
    ['/a\n', 'a control character'],
    [`/${'a'.repeat(1000)}`, 'at most 1000 characters'],
  ])('refuses %j and says "%s"', (source, mending) => {
    for (const strict of [true, false]) {
      expect(() => pathPattern(source, { strict })).toThrow(SyntaxError)
      expect(() => pathPattern(source, { strict })).toThrow(mending)
    }
  })

  test('agrees with a match by split segments on any path', () => {
    const segment = fc.constantFrom('a', 'b', 'ab', ':id', '*')
    const pattern = fc.tuple(fc.array(segment, { maxLength: 4 }), fc.boolean())
    const path = fc.array(fc.constantFrom('a', 'b', 'ab', 'c'), { maxLength: 5 })
    fc.assert(
      fc.property(pattern, path, ([wanted, open], given) => {
        const source = `/${[...wanted, ...(open ? ['**'] : [])].join('/')}`
        const enough = open ? given.length >= wanted.length : given.length === wanted.length
        const fits = wanted.every((text, i) => text === ':id' || text === '*' || text === given[i])
        expect(pathPattern(source, { strict: false }).test(`/${given.join('/')}`)).toBe(enough && fits)
      }),
      { numRuns: 1000 },
    )
  })

  test('takes any text as a pattern or throws a syntax error', () => {
    const near = fc.string({ unit: fc.constantFrom(...'/ab:*.%2e;?#\\{'), maxLength: 12 }).map((text) => `/${text}`)
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), fc.boolean(), (source, strict) => {
        try {
          return pathPattern(source, { strict }).source === source
        } catch (error) {
          return error instanceof SyntaxError
        }
      }),
    )
  })
})
