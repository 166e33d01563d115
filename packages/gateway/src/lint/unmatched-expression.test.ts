import { expect, test } from 'vitest'
import { policyOf } from './policy.fixture.js'
import { unmatchedExpression } from './unmatched-expression.js'

const warned = (regex: string, strictPaths = false) =>
  unmatchedExpression(policyOf(JSON.stringify({ strictPaths, rules: [{ regex, quotas: '1/s' }] })))

test.each([
  [String.raw`/search\?q=`, 'asks for ?'],
  ['/search[?]q=', 'asks for ?'],
  ['/a;v=1', 'asks for ;'],
  ['/a#top', 'asks for #'],
  ['/a//b', 'asks for //'],
  ['/[^/]+#top', 'asks for #'],
  [String.raw`/users/\d+/$`, 'a slash at the end'],
])('%s matches no path, and why is said', (regex, why) => {
  expect(warned(regex)).toMatchObject([{ path: 'rules[0].regex', message: expect.stringContaining(why) }])
})

test.each([
  ['/'],
  ['/$'],
  ['^/$'],
  ['/search?'],
  ['/(?:a|b)?c'],
  [String.raw`/a\\?b`],
  ['/users/[^/]+$'],
  ['/users/[^/?#;]+'],
  [String.raw`/users/[^\]#]+/[^/]/a`],
  [String.raw`/users/\d+`],
  ['/users/?$'],
  ['/users/[^/?#;]+'],
  ['/users/[a-z;]+'],
  ['/users(?:;.*)?$'],
])('%s may match', (regex) => {
  expect(warned(regex)).toEqual([])
})

test('under strictPaths a path may end with a slash', () => {
  expect(warned('/users/$', true)).toEqual([])
})
