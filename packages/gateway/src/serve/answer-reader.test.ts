import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerReader } from './answer-reader.js'

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

/** What a reader finds in the bytes, which come in pieces of this size; data is joined. */
function found(text: string, size = text.length, method = 'GET'): string {
  const seen: string[] = []
  let data = ''
  const tell = (line: string) => {
    if (data !== '') seen.push(`data ${data}`)
    data = ''
    seen.push(line)
  }
  const reader = answerReader(method, {
    onHead: ({ status }) => tell(`head ${status}`),
    onData: (bytes) => {
      data += bytes.toString('latin1')
    },
    onEnd: (trailers, surplus) => tell(`end [${trailers}]${surplus ? ' and more' : ''}`),
    onSwitch: ({ status }, rest) => tell(`switch ${status} ${rest.toString('latin1')}`),
    onMalformed: () => tell('malformed'),
  })
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size))
  reader.end()
  return seen.join('; ')
}

describe('however the bytes are cut', () => {
  test.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'head 200; data hello; end []'],
    ['HTTP/1.1 204 No Content\r\n\r\n', 'head 204; end []'],
    ['HTTP/1.1 200 OK\r\n\r\nto the end', 'head 200; data to the end; end []'],
    [`${CHUNKED}5\r\nhello\r\n1;ext="\xe9"\r\n!\r\n0\r\n\r\n`, 'head 200; data hello!; end []'],
    [
      `${CHUNKED}A \r\n0123456789\r\n0\r\nX-Sum: 1\r\nX-B:  2 \r\n\r\n`,
      'head 200; data 0123456789; end [X-Sum,1,X-B,2]',
    ],
    [
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 Made\r\nContent-Length: 1\r\n\r\nx',
      'head 201; data x; end []',
    ],
    [`${CHUNKED}5\r\nhello\n`, 'head 200; data hello; malformed'],
    [`${CHUNKED}5\r\nhello!\r\n`, 'head 200; data hello; malformed'],
    [`${CHUNKED}0\r\nX-A\r\n\r\n`, 'head 200; malformed'],
    [`${CHUNKED}0\r\n X-A: folded\r\n\r\n`, 'head 200; malformed'],
    ['SSH-2.0-OpenSSH\r\n', 'malformed'],
    ['HTTP/1.1 200 OK\nContent-Length: 0\n\n', ''],
  ])('%j is told as %s', (text, story) => {
    for (let size = 1; size <= text.length; size++) expect(found(text, size)).toBe(story)
  })
})

test.each(['-5', '+5', '0x5', '5_', ' 5', '', 'g', '1234567890abc'])('a chunk of size %j is malformed', (size) => {
  expect(found(`${CHUNKED}${size}\r\nhello\r\n`)).toBe('head 200; malformed')
})

test('a body that is cut off does not end', () => {
  expect(found('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell')).toBe('head 200')
  expect(found(`${CHUNKED}5\r\nhello\r\n`)).toBe('head 200')
})

test('what follows a whole answer is not taken for a part of it', () => {
  const next = 'HTTP/1.1 200 OK\r\n'

  expect(found(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok${next}`)).toBe('head 200; data ok; end [] and more')
  expect(found('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 99, 'HEAD')).toBe('head 200; end [] and more')
  expect(found(`${CHUNKED}0\r\n\r\n${next}`)).toBe('head 200; end [] and more')
})

test('after a switch the bytes belong to the other protocol', () => {
  expect(found('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\0frame')).toBe('switch 101 \0frame')
})

test('a head, a line and trailers without an end are given up', () => {
  expect(found(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(17_000)}`, 1_000)).toBe('malformed')
  expect(found(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(17_000)}\r\n\r\n`)).toBe('malformed')
  expect(found(`${CHUNKED}5;${'a'.repeat(17_000)}`, 1_000)).toBe('head 200; malformed')
  expect(found(`${CHUNKED}0\r\n${`X-A: ${'a'.repeat(1_000)}\r\n`.repeat(17)}`)).toBe('head 200; malformed')
})

test('whatever comes, and however it is cut, the story is the same and none is told after its end', () => {
  const piece = fc.constantFrom(
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'Content-Length: 3\r\n',
    'Transfer-Encoding: chunked\r\n',
    'X-A: 1\r\n',
    '\r\n',
    '\n',
    '\0',
    '3\r\n',
    '0\r\n',
    'abc',
    ': ',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.integer({ min: 1, max: 40 }), (pieces, size) => {
      const story = found(pieces.join(''))
      // A length cannot tell whether more will follow in a later piece.
      expect(found(pieces.join(''), size).replace(' and more', '')).toBe(story.replace(' and more', ''))
      expect(story).not.toMatch(/(end|malformed|switch).*;/)
    }),
    { numRuns: 2_000 },
  )
})
