import { describe, expect, test } from 'vitest'
import { parseAnswerHead } from './answer-head.js'

const head = (fields: readonly string[], method = 'GET', line = 'HTTP/1.1 200 OK') =>
  parseAnswerHead([line, ...fields].join('\r\n'), method)

test('a head is its status, its reason, and its fields as they came, without the blanks around a value', () => {
  expect(head(['Content-Length: 3', 'X-A:\t b \xe9 c\xa0 \t', 'x-a:'], 'GET', 'HTTP/1.1 404 Not  Here')).toEqual({
    status: 404,
    reason: 'Not  Here',
    headers: ['Content-Length', '3', 'X-A', 'b \xe9 c\xa0', 'x-a', ''],
    length: 3,
    keptFor: 4_000,
  })
  expect(head([], 'GET', 'HTTP/1.1 200')?.reason).toBe('')
})

describe('the end of the body', () => {
  test('is told by the length, by the last chunk, or by the end of the connection', () => {
    expect(head(['content-length: 17'])?.length).toBe(17)
    expect(head(['Transfer-Encoding: Chunked'])?.length).toBe('chunked')
    expect(head([])?.length).toBe('until-close')
  })

  test('is the end of the head for HEAD, 204 and 304, whatever the fields say', () => {
    expect(head(['content-length: 17'], 'HEAD')?.length).toBe(0)
    expect(head(['transfer-encoding: chunked'], 'GET', 'HTTP/1.1 204 No Content')?.length).toBe(0)
    expect(head(['content-length: 17'], 'GET', 'HTTP/1.1 304 Not Modified')?.length).toBe(0)
  })

  test.each([
    ['a length and chunks', ['content-length: 3', 'transfer-encoding: chunked']],
    ['two lengths', ['content-length: 3', 'content-length: 3']],
    ['a list of lengths', ['content-length: 3, 3']],
    ['a signed length', ['content-length: +3']],
    ['a length in hexadecimal', ['content-length: 0x3']],
    ['no length in the field', ['content-length:']],
    ['a length that cannot be counted', ['content-length: 9007199254740993']],
    ['another coding', ['transfer-encoding: gzip, chunked']],
    ['chunks twice', ['transfer-encoding: chunked', 'transfer-encoding: chunked']],
  ])('is not guessed: %s', (_what, fields) => {
    expect(head(fields)).toBeUndefined()
  })

  test('is not told by chunks in HTTP/1.0', () => {
    expect(head(['transfer-encoding: chunked'], 'GET', 'HTTP/1.0 200 OK')).toBeUndefined()
  })
})

test.each([
  ['a folded line', ['x-a: 1', ' 2']],
  ['a blank before the colon', ['x-a : 1']],
  ['no name', [': 1']],
  ['no colon', ['x-a']],
  ['a bare line feed', ['x-a: 1\nx-b: 2']],
  ['a bare carriage return', ['x-a: 1\rx-b: 2']],
  ['a NUL', ['x-a: \0']],
  ['a name that is none', ['x(a): 1']],
])('%s is malformed', (_what, fields) => {
  expect(head(fields)).toBeUndefined()
})

test.each([
  'HTTP/2.0 200 OK',
  'http/1.1 200 OK',
  'HTTP/1.1 20 OK',
  'HTTP/1.1 2000 OK',
  'HTTP/1.1  200 OK',
  'ICY 200 OK',
])('a first line of %s is malformed', (line) => {
  expect(head(['content-length: 0'], 'GET', line)).toBeUndefined()
})

test('a long head is read, or found malformed, in no time', () => {
  const startedAt = performance.now()
  head([`x-a: ${' '.repeat(16_000)}`, `x-b: ${'a '.repeat(8_000)}\0`])

  expect(performance.now() - startedAt).toBeLessThan(100)
})

test('a connection is kept a little less long than the upstream says, and not after what ends it', () => {
  const kept = (fields: string[], line?: string) => head(['content-length: 0', ...fields], 'GET', line)?.keptFor

  expect(kept(['keep-alive: timeout=60, max=5'])).toBe(58_000)
  expect(kept(['keep-alive: timeout=1'])).toBe(0)
  expect(kept(['keep-alive: timeout=999999999'])).toBe(600_000)
  expect(kept(['connection: Close'])).toBe(0)
  expect(kept(['connection: upgrade, close'])).toBe(0)
  expect(kept([], 'HTTP/1.0 200 OK')).toBe(0)
  expect(kept(['connection: keep-alive'], 'HTTP/1.0 200 OK')).toBe(4_000)
  expect(head([])?.keptFor).toBe(0)
})
