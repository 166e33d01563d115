import { expect, test } from 'vitest'
import { clientHeaders } from './client-headers.js'

test("the upstream's hop-by-hop fields, and those its Connection names, end here", () => {
  const raw = [
    'Connection',
    'X-Once',
    'connection',
    'x-twice',
    'Transfer-Encoding',
    'chunked',
    'X-Once',
    '1',
    'X-Twice',
    '2',
  ]

  expect(clientHeaders(200, [...raw, 'Set-Cookie', 'a', 'Set-Cookie', 'b'], [])).toEqual([
    'Set-Cookie',
    'a',
    'Set-Cookie',
    'b',
  ])
})

test("our fields replace the upstream's of the same name, and stand last", () => {
  expect(clientHeaders(200, ['RATELIMIT', '"theirs";r=9', 'ETag', 'x'], [['RateLimit', '"ours";r=1']])).toEqual([
    'ETag',
    'x',
    'RateLimit',
    '"ours";r=1',
  ])
})

test('what a script may read is what either of us names', () => {
  const own = [['Access-Control-Expose-Headers', 'RateLimit']] as const

  expect(clientHeaders(200, ['Access-Control-Expose-Headers', 'X-Page'], own)).toEqual([
    'Access-Control-Expose-Headers',
    'X-Page',
    'Access-Control-Expose-Headers',
    'RateLimit',
  ])
})

test.each([
  [101, []],
  [200, ['Content-Length', '5']],
  [204, []],
  [304, ['Content-Length', '5']],
])('an answer of %i tells its length only where it may', (status, headers) => {
  expect(clientHeaders(status, ['Content-Length', '5'], [])).toEqual(headers)
})
