import { describe, expect, test } from 'vitest'
import { readLine } from './line.fixture.js'

const LINE =
  '203.0.113.7 - alice [17/May/2015:10:05:03 +0200] "GET /a?b=1 HTTP/1.1" 200 512 "http://from.example/" "Mozilla/5.0 (X)"'

describe('a line of Combined', () => {
  test('is read with its time zone', () => {
    expect(readLine('combined', LINE)).toEqual({
      at: Date.UTC(2015, 4, 17, 8, 5, 3) * 1000,
      address: '203.0.113.7',
      user: 'alice',
      method: 'GET',
      target: '/a?b=1',
      status: 200,
      userAgent: 'Mozilla/5.0 (X)',
      fields: {},
    })
  })

  test.each([
    ['Common, without referer', '::1 - - [01/Jan/1970:00:00:00 +0000] "GET / HTTP/1.1" 304 -', { at: 0, status: 304 }],
    [
      'a third pair of quotes',
      `${LINE} "198.51.100.1, 10.0.0.1"`,
      { fields: { 'x-forwarded-for': '198.51.100.1, 10.0.0.1' } },
    ],
    ['an escaped quote in the target', LINE.replace('/a?b=1', '/a\\"b'), { target: '/a"b' }],
    ['HTTP/0.9', LINE.replace(' HTTP/1.1', ''), { method: 'GET', target: '/a?b=1' }],
    ['a user with spaces and brackets', LINE.replace('alice', 'a [17/x] b'), { user: 'a [17/x] b' }],
    ['the year 2100', LINE.replace('2015', '2100'), { at: Date.UTC(2100, 4, 17, 8, 5, 3) * 1000 }],
    ['a leap day', LINE.replace('17/May/2015', '29/Feb/2016'), { at: Date.UTC(2016, 1, 29, 8, 5, 3) * 1000 }],
    ['the host and port of Apache before it', `www.example.com:443 ${LINE}`, { address: '203.0.113.7', user: 'alice' }],
    ['an IPv6 host before it', `[2001:db8::2]:80 ${LINE}`, { address: '203.0.113.7', user: 'alice' }],
    ['an address of IPv6 that ends in digits', LINE.replace('203.0.113.7', '2001:db8::1'), { address: '2001:db8::1' }],
    ['times of nginx after it', `${LINE} 0.004 0.003 .`, { userAgent: 'Mozilla/5.0 (X)', fields: {} }],
    ['an escaped quote in the user agent', LINE.replace('(X)', '(\\"X\\")'), { userAgent: 'Mozilla/5.0 (\\"X\\")' }],
    ['escaped bytes of nginx', LINE.replace('/a?b=1', '/\\x22\\x5C\\xE4'), { target: '/"\\ä' }],
    ['those of Apache', LINE.replace('/a?b=1', '/\\"\\\\\\xe4'), { target: '/"\\ä' }],
    ['UTF-8, of which each byte is a character', LINE.replace('/a?b=1', '/ä'), { target: '/Ã¤' }],
  ])('may have %s', (_, line, expected) => {
    expect(readLine('combined', line)).toMatchObject(expected)
  })

  test.each([
    ['', 'it does not begin with an address'],
    ['one two three', 'it has no time in brackets'],
    [LINE.replace('17/May', '31/Feb'), 'its time cannot be read'],
    [LINE.replace('10:05:03', '10:65:03'), 'its time cannot be read'],
    [LINE.replace('+0200', '+zz00'), 'its time cannot be read'],
    [LINE.replace('2015', '1969'), 'its time cannot be read'],
    [LINE.replace('"GET /a?b=1 HTTP/1.1"', '"-"'), 'its request line is not METHOD TARGET VERSION'],
    [LINE.replace('"GET /a?b=1 HTTP/1.1"', '"\\x16\\x03\\x01"'), 'its request line is not METHOD TARGET VERSION'],
    [LINE.replace('200 512', '- 512'), 'it has no status of three digits'],
    [LINE.slice(0, -1), 'its user agent is cut short'],
    [LINE.slice(0, 60), 'the quotes of its request do not close'],
  ])('%j is none', (line, reason) => {
    expect(readLine('combined', line)).toBe(reason)
  })

  test('is read alike wherever its quotes stand among words of four bytes', () => {
    for (let length = 0; length < 12; length++) {
      const [referer, agent] = ['r'.repeat(length), `${'a'.repeat(length)}\\"${'b'.repeat(length)}`]
      const line = LINE.replace('http://from.example/', referer).replace('Mozilla/5.0 (X)', agent)
      expect(readLine('combined', line)).toMatchObject({ userAgent: agent, status: 200 })
    }
  })

  test('is read at its own time, after one of the same second and one of another', () => {
    const times = ['10:05:03', '10:05:03', '10:05:04', '10:05:03'].map((time) => {
      const read = readLine('combined', LINE.replace('10:05:03', time))
      return typeof read === 'string' ? read : read.at / 1e6 - Date.UTC(2015, 4, 17, 8, 5) / 1e3
    })
    expect(times).toEqual([3, 3, 4, 3])
  })

  test('cut off anywhere is read in part or refused, never misread', () => {
    for (let end = 0; end < LINE.length; end++) {
      const read = readLine('combined', LINE.slice(0, end))
      if (typeof read !== 'string') expect({ end, ...read }).toMatchObject({ status: 200, target: '/a?b=1' })
    }
  })
})
