import type { PathMatcher } from 'spillway'
import { expect, test } from 'vitest'
import { covers, coversMethods, readMatcher } from './cover.js'
import { policyOf } from './policy.fixture.js'

function matcher(path: string, strictPaths = false): PathMatcher {
  const { layers } = policyOf(JSON.stringify({ strictPaths, rules: [{ path, quotas: '1/s' }] }))
  return layers[0]!.rules[0]!.matches
}

const covered = (wide: string, narrow: string, strict = false) =>
  covers(readMatcher(matcher(wide, strict), strict), readMatcher(matcher(narrow, strict), strict))

test.each([
  ['/users/*', '/users/:id/'],
  ['/users/**', '/users/:id/posts/*'],
  ['/users/**', '/Users'],
  ['/users/:id', '/users/me'],
  ['/st%C3%A4dte', '/städte'],
  ['/static/**', '/static/**'],
  ['/**', '/'],
])('%s covers %s', (wide, narrow) => {
  expect(covered(wide, narrow)).toBe(true)
})

test.each([
  ['/users/:id', '/users/:id/posts'],
  ['/users/me', '/users/:id'],
  ['/users/*', '/users/**'],
  ['/users/:id', '/towns/:id'],
  ['/users/:id/posts', '/users/:id'],
])('%s does not cover %s', (wide, narrow) => {
  expect(covered(wide, narrow)).toBe(false)
})

test('under strict paths letter case and a trailing slash count', () => {
  expect(covered('/a/:id', '/A/:id', true)).toBe(false)
  expect(covered('/a/:id', '/a/:id/', true)).toBe(false)
  expect(covered('/a/:id', '/a/:name', true)).toBe(true)
})

test('a rule without methods does not answer for a preflight', () => {
  expect(coversMethods(undefined, new Set(['GET']))).toBe(true)
  expect(coversMethods(undefined, new Set(['OPTIONS']))).toBe(false)
  expect(coversMethods(new Set(['GET']), undefined)).toBe(false)
})
