import { describe, expect, test } from 'vitest'
import type { Hop } from './upstream-headers.js'
import { upstreamHeaders } from './upstream-headers.js'

const IDENTIFYING = {
  single: new Set(['host', 'x-api-key']),
  guarded: new Set(['host', 'x-api-key', 'x-forwarded-for']),
  forwarding: new Set(['forwarded', 'x-real-ip', 'cf-connecting-ip']),
}
const STRANGER: Hop = { peer: '192.0.2.1', trusted: false, encrypted: false }
const PROXY: Hop = { peer: '10.0.0.1', trusted: true, encrypted: true }

/** What the upstream gets, by name; several of one name joined with ` + `. */
function sent(headers: readonly [string, string][], hop: Hop): Record<string, string> {
  const parsed: Record<string, string> = {}
  for (const [name, value] of headers) parsed[name.toLowerCase()] = value
  const flat = upstreamHeaders({ httpVersion: '1.1', rawHeaders: headers.flat(), headers: parsed }, hop, IDENTIFYING)

  const found: Record<string, string> = {}
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string
    found[name] = name in found ? `${found[name]} + ${flat[i + 1]}` : (flat[i + 1] as string)
  }
  return found
}

describe('hop-by-hop fields', () => {
  test('end here, and so do those that Connection names', () => {
    const headers = sent(
      [
        ['Host', 'a'],
        ['Connection', 'close, X-Once'],
        ['X-Once', '1'],
        ['Keep-Alive', '5'],
        ['TE', 'trailers'],
        ['Upgrade', 'h2c'],
        ['HTTP2-Settings', 'x'],
        ['Proxy-Authorization', 'secret'],
        ['Expect', '100-continue'],
        ['Accept', '*/*'],
      ],
      STRANGER,
    )

    expect(Object.keys(headers)).toEqual([
      'host',
      'accept',
      'x-forwarded-for',
      'x-forwarded-proto',
      'x-forwarded-host',
      'via',
    ])
  })

  test('cannot take away what the gateway adds, nor what says how to read the message', () => {
    const headers = sent(
      [
        ['Host', 'a'],
        ['Connection', 'X-Forwarded-For, X-Forwarded-Proto, Via, Host, Content-Length'],
        ['Content-Length', '3'],
      ],
      STRANGER,
    )

    expect(headers).toMatchObject({
      host: 'a',
      'content-length': '3',
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-proto': 'http',
      via: '1.1 spillway',
    })
  })
})

describe('where a request comes from', () => {
  const CLAIMS: [string, string][] = [
    ['Host', 'a'],
    ['X-Forwarded-For', '198.51.100.7'],
    ['X-Forwarded-For', '203.0.113.9'],
    ['X-Forwarded-Proto', 'gopher'],
    ['X-Forwarded-Host', 'evil.example'],
    ['X-Real-IP', '198.51.100.7'],
    ['Forwarded', 'for=198.51.100.7'],
    ['CF-Connecting-IP', '198.51.100.7'],
  ]

  test('is told by the connection, whatever a stranger says', () => {
    expect(sent(CLAIMS, STRANGER)).toEqual({
      host: 'a',
      'x-forwarded-for': '198.51.100.7, 203.0.113.9, 192.0.2.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'a',
      via: '1.1 spillway',
    })
  })

  test('is what a trusted proxy says', () => {
    expect(sent(CLAIMS, PROXY)).toEqual({
      host: 'a',
      'x-forwarded-for': '198.51.100.7, 203.0.113.9, 10.0.0.1',
      'x-forwarded-proto': 'gopher',
      'x-forwarded-host': 'evil.example',
      'x-real-ip': '198.51.100.7',
      forwarded: 'for=198.51.100.7',
      'cf-connecting-ip': '198.51.100.7',
      via: '1.1 spillway',
    })
  })

  test('is named after TLS where a trusted proxy says nothing', () => {
    expect(sent([['Host', 'a']], PROXY)['x-forwarded-proto']).toBe('https')
  })
})

test('a header that a server could take for one that identifies is dropped; other underscores pass', () => {
  const headers = sent(
    [
      ['Host', 'a'],
      ['X_Api_Key', 'stolen'],
      ['x_api-key', 'stolen'],
      ['X_Forwarded_For', '1.2.3.4'],
      ['X-Api-Key', 'mine'],
      ['my_header', 'yes'],
    ],
    STRANGER,
  )

  expect(headers).toMatchObject({ 'x-api-key': 'mine', my_header: 'yes', 'x-forwarded-for': '192.0.2.1' })
  expect(Object.keys(headers).filter((name) => name.includes('_'))).toEqual(['my_header'])
})
