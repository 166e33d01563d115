import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalisePath, normalisePlainly, rawQuery } from './path.js'

const loose = (target: string) => normalisePath(target, { strict: false })
const strict = (target: string) => normalisePath(target, { strict: true })

describe('normalisePath', () => {
  test.each([
    '/towns',
    '/TOWNS/',
    '//towns',
    '///towns//',
    '/%74owns',
    '/%54owns',
    '/towns;x=1',
    '/a/../towns',
    '/./towns/.',
    '/a/%2e%2E/towns',
    '/a/.%2e;x=1/towns',
    '/a/..;/towns',
    '/;x=1/towns',
    '/../../towns',
    '/towns?q=/../x',
    '/towns#frag',
    '/towns/x/..',
    '/towns/;x',
    'http://host/towns',
    'HTTPS://user@[::1]:80/a/../towns?x',
  ])('reads %j as /towns', (target) => {
    expect(loose(target)).toMatchObject({ kind: 'path', matched: '/towns' })
  })

  test.each([
    ['/%2ftowns', '/%2Ftowns'],
    ['/a%5ctowns', '/a%5Ctowns'],
    ['/%2574owns', '/%2574owns'],
    ['/a%3bb', '/a%3Bb'],
    ['/A%C3%A9', '/a%C3%A9'],
    ['/a\u00c3\u00a9', '/a%C3%A9'],
    ['/€', '/%E2%82%AC'],
    ['/😀', '/%F0%9F%98%80'],
    ['/\ud800', '/%EF%BF%BD'],
    ['/a b"<>^`{}|[]', '/a%20b%22%3C%3E%5E%60%7B%7D%7C%5B%5D'],
    ["/a:@!$&'()*+,=~_-", "/a:@!$&'()*+,=~_-"],
    ['/.well-known/x', '/.well-known/x'],
    ['/...', '/...'],
    ['/a.', '/a.'],
    ['/', '/'],
    ['//', '/'],
    ['/..', '/'],
    ['/;jsessionid=1', '/'],
    ['http://host', '/'],
    ['http://host?x', '/'],
    ['*', '*'],
  ])('reads %j as %j', (target, matched) => {
    expect(loose(target)).toMatchObject({ kind: 'path', matched })
  })

  test.each([
    ['/Towns/', '/Towns/', '/Towns/'],
    ['/%54owns', '/Towns', '/Towns'],
    ['/a/b/..', '/a/', '/a/'],
    ['/a/.', '/a/', '/a/'],
    ['/Towns;v=1/x', '/Towns/x', '/Towns;v=1/x'],
    ['/..', '/', '/'],
  ])('keeps letter case and trailing slash of %j where paths are strict', (target, matched, forwarded) => {
    expect(strict(target)).toEqual({ kind: 'path', matched, forwarded })
  })

  test.each([
    ['/TOWNS/?a=1', '/TOWNS/'],
    ['//a/../Towns;v=1', '/Towns;v=1'],
    ['/a;x=1/b;y=2/', '/a;x=1/b;y=2/'],
    ['/a/..;x=1/b', '/b'],
    ['/a;x=1/../b', '/b'],
    ['/;jsessionid=1', '/;jsessionid=1'],
    ['/a/;x', '/a/;x'],
    ['/%7euser/%2F', '/~user/%2F'],
    ['http://evil/x', '/x'],
  ])('forwards %j as %j', (target, forwarded) => {
    expect(loose(target)).toMatchObject({ forwarded })
  })

  test.each([
    ['/a%', 'a broken percent sequence'],
    ['/a%2', 'a broken percent sequence'],
    ['/a%zz', 'a broken percent sequence'],
    ['/a%00', 'a NUL'],
    ['/a\0', 'a control character'],
    ['/a\r\nx', 'a control character'],
    ['/a?b\tc', 'a control character'],
    ['/a\u007f', 'a control character'],
    ['/a\\b', 'a backslash'],
    ['http://evil\\@host/x', 'a backslash'],
    ['http:///x', 'no path'],
    ['', 'no path'],
    ['towns', 'no path'],
    ['?x', 'no path'],
    ['host:443', 'no path'],
    ['**', 'no path'],
  ])('finds %j malformed: %s', (target, reason) => {
    expect(loose(target)).toEqual({ kind: 'malformed', reason: expect.stringContaining(reason) })
    expect(strict(target)).toEqual(loose(target))
  })

  test('leaves the query alone', () => {
    expect(loose('/a?x=100%&y=\\')).toMatchObject({ kind: 'path', matched: '/a' })
    expect(loose('/a%20b?x=100%&y=\\')).toMatchObject({ kind: 'path', matched: '/a%20b' })
  })

  test.each(['/..', '/%2e', '/;', '/a', '//', '%2F', '/a/../'])('is linear on 8 KB of %j', (part) => {
    const target = `/${part.repeat(Math.ceil(8192 / part.length))}`
    const started = performance.now()
    for (let i = 0; i < 10; i++) expect(loose(target).kind).toBe('path')
    expect((performance.now() - started) / 10).toBeLessThan(25)
  })
})

describe('the normal form of any target', () => {
  const unit = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('/', '.', '..', ';', 'a', 'B', 'towns', '*', ':', '-', '~', '?', '#') },
    {
      weight: 2,
      arbitrary: fc.constantFrom('%2e', '%2F', '%5C', '%41', '%7e', '%3b', '%25', '%e2', '%0a', '%zz', '%00'),
    },
    { weight: 1, arbitrary: fc.constantFrom(' ', '\\', '\0', '\u00e9', '€', '\u0130', '{', '|', '\u007f', '\ud800') },
  )
  const target = fc.oneof(
    fc.array(unit, { maxLength: 16 }).map((parts) => `/${parts.join('')}`),
    fc.string({ unit: 'binary' }),
  )
  const settings = fc.record({ target, strict: fc.boolean() })

  test('is the same by the quick form and by the plain one', () => {
    fc.assert(
      fc.property(settings, ({ target, strict }) => {
        expect(normalisePath(target, { strict })).toEqual(normalisePlainly(target, strict))
      }),
      { numRuns: 5000 },
    )
  })

  test('is its own normal form', () => {
    fc.assert(
      fc.property(settings, ({ target, strict }) => {
        const once = normalisePath(target, { strict })
        if (once.kind === 'malformed') return
        expect(normalisePath(once.forwarded, { strict })).toEqual(once)
        expect(normalisePath(once.matched, { strict })).toMatchObject({ matched: once.matched })
      }),
      { numRuns: 5000 },
    )
  })

  test('has no dot segments, no doubled slashes, nothing that may not stand in a path', () => {
    fc.assert(
      fc.property(settings, ({ target, strict }) => {
        const normal = normalisePath(target, { strict })
        if (normal.kind === 'malformed' || target === '*') return
        for (const path of [normal.matched, normal.forwarded]) {
          expect(path).toMatch(/^\/(?:[A-Za-z0-9\-._~!$&'()*+,=:@/;]|%[0-9A-F]{2})*$/)
          expect(path).not.toMatch(/\/\/|\/\.\.?(?:[/;]|$)|%(?:2D|2E|5F|7E|3\d|[46][1-9A-F]|[57][0-9A])(?<!%3[A-F])/)
        }
        expect(normal.matched).not.toContain(';')
        if (!strict) expect(normal.matched.replace(/%../g, 'x')).not.toMatch(/[A-Z]|.\/$/)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('rawQuery', () => {
  test.each([
    ['/a?x=1&y=%2', '?x=1&y=%2'],
    ['/a', ''],
    ['/a?', '?'],
    ['/a?x#f?y', '?x'],
    ['/a#f?x', ''],
    ['http://host?x', '?x'],
  ])('of %j is %j', (target, query) => {
    expect(rawQuery(target)).toBe(query)
  })
})
