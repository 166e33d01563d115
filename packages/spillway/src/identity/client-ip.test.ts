import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ClientIpOptions } from './client-ip.js'
import { addressReader, clientIp } from './client-ip.js'
import { request } from './request.fixture.js'

const proxies = { trustedProxies: ['127.0.0.0/8', '10.0.0.0/8', 'fd00::/8'] }
const client = (options: ClientIpOptions, peer: string | undefined, headers = {}) =>
  addressReader(options)(request(peer, headers))?.address
const behind = (hops: string, peer = '127.0.0.1') => client(proxies, peer, { 'x-forwarded-for': hops })

describe('clientIp', () => {
  it('names a client after the address of its connection', () => {
    expect(clientIp()(request('192.0.2.1'))).toEqual({ kind: 'ip', user: '192.0.2.1', group: 'default' })
    expect(clientIp()(request('2001:db8:1:2:3::4'))).toEqual({
      kind: 'ip',
      user: '2001:db8:1:2::/64',
      group: 'default',
    })
  })

  it('finds nobody where the platform tells of no peer, or of none that is an address', () => {
    for (const peer of [undefined, '', 'unix', '0x7f.1', '/run/app.sock'])
      expect(clientIp()(request(peer))).toBeUndefined()
  })

  it('gives one frozen identity to all requests of an address', () => {
    const source = clientIp()
    expect(source(request('192.0.2.1'))).toBe(source(request('192.0.2.1')))
    expect(Object.isFrozen(source(request('192.0.2.1')))).toBe(true)
  })

  it('counts an IPv4 client on a dual-stack socket as that IPv4 client, and no other', () => {
    expect(client({ ipv6Prefix: 56 }, '::ffff:192.0.2.1')).toBe('192.0.2.1')
    expect(client({ ipv6Prefix: 56 }, '::ffff:192.0.2.2')).toBe('192.0.2.2')
  })

  it('counts all addresses of a /64 as one client, and all of a /48 as one network', () => {
    const read = addressReader()
    const addresses = Array.from(
      { length: 100 },
      (_, index) => read(request(`2001:db8:1:2::${index.toString(16)}`))?.address,
    )
    expect(new Set(addresses)).toEqual(new Set(['2001:db8:1:2::/64']))

    const networks = Array.from(
      { length: 100 },
      (_, index) => read(request(`2001:db8:1:${index.toString(16)}::1`))?.network,
    )
    expect(new Set(networks)).toEqual(new Set(['2001:db8:1::/48']))
  })

  it('cuts by the prefix and the network that it is told', () => {
    const read = addressReader({ ipv6Prefix: 56, ipv6Network: 32 })
    expect(read(request('2001:db8:1:2ff::1'))).toMatchObject({
      address: '2001:db8:1:200::/56',
      network: '2001:db8::/32',
    })
    expect(addressReader({ ipv6Prefix: 32 })(request('2001:db8:1::1'))?.network).toBe('2001:db8::/32')
    expect(read(request('192.0.2.1'))).toMatchObject({ address: '192.0.2.1', network: '192.0.2.1' })
  })
})

describe('behind proxies', () => {
  it('never looks at the header of a peer that is not trusted', () => {
    const headers = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9', 'x-real-ip': '203.0.113.9' }
    expect(client({}, '127.0.0.1', headers)).toBe('127.0.0.1')
    expect(client(proxies, '192.0.2.1', headers)).toBe('192.0.2.1')
  })

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9, 10.0.0.1', '203.0.113.9'],
    ['198.51.100.1, 203.0.113.9, 10.0.0.1,127.0.0.2', '203.0.113.9'],
    ['203.0.113.9:1234, [fd00::1]:80', '203.0.113.9'],
    ['::ffff:203.0.113.9, ::ffff:10.0.0.1', '203.0.113.9'],
    ['[2001:db8::1]:443', '2001:db8::/64'],
    ['10.0.0.2, 10.0.0.1', '10.0.0.2'],
  ])('walks %j from the right to %s', (hops, address) => {
    expect(behind(hops)).toBe(address)
  })

  it.each([
    ['junk', '127.0.0.1'],
    ['', '127.0.0.1'],
    [',,,', '127.0.0.1'],
    ['203.0.113.9, junk', '127.0.0.1'],
    ['203.0.113.9, junk, 10.0.0.1', '10.0.0.1'],
    ['203.0.113.9, 0x7f.1, 10.0.0.1', '10.0.0.1'],
    ['203.0.113.9, 10.0.0.999', '127.0.0.1'],
    ['203.0.113.9,', '127.0.0.1'],
    ['203.0.113.9 10.0.0.1', '127.0.0.1'],
    ['unknown', '127.0.0.1'],
    ['203.0.113.9\u0000', '127.0.0.1'],
  ])('ends the walk over %j at the last good address, %s', (hops, address) => {
    expect(behind(hops)).toBe(address)
  })

  it('is led to no new budget by whatever a client writes into the header before the proxy does', () => {
    const list = addressReader(proxies)
    const pairs = addressReader({ ...proxies, header: 'Forwarded' })
    const piece = fc.constantFrom(
      '"',
      '\\',
      ',',
      ';',
      '=',
      ' ',
      'for=',
      '10.0.0.1',
      '198.51.100.1',
      '[',
      ']',
      ':',
      '\u0000',
      'x',
    )

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const spoofed = pieces.join('')
        const headers = {
          'x-forwarded-for': `${spoofed}, 203.0.113.9`,
          forwarded: `${spoofed}, for="203.0.113.9:4711";proto=https`,
        }
        const read = [list, pairs].map((reader) => reader(request('127.0.0.1', headers))?.address)
        expect(read).toEqual(['203.0.113.9', '203.0.113.9'])
      }),
      { numRuns: 1_000 },
    )
  })

  it('reads the right end of a header of any length, at a bounded price', () => {
    expect(behind(`${'9'.repeat(1_000_000)}, 203.0.113.9`)).toBe('203.0.113.9')
    expect(behind('9'.repeat(1_000_000))).toBe('127.0.0.1')
    expect(behind(`203.0.113.9${', 10.0.0.1'.repeat(100_000)}`)).toBe('10.0.0.1')
  })

  it('reads a header that holds one address, under its name', () => {
    const options = { ...proxies, header: 'CF-Connecting-IP' }
    expect(client(options, '127.0.0.1', { 'cf-connecting-ip': '2001:db8::1', 'x-forwarded-for': '198.51.100.1' })).toBe(
      '2001:db8::/64',
    )
    expect(client(options, '127.0.0.1', { 'cf-connecting-ip': '198.51.100.66, 203.0.113.9' })).toBe('203.0.113.9')
    expect(client(options, '127.0.0.1', { 'x-forwarded-for': '198.51.100.1' })).toBe('127.0.0.1')
  })

  it('gives the same answers after more clients than it remembers', () => {
    const read = addressReader(proxies)
    const addresses = Array.from({ length: 5_000 }, (_, index) => `192.0.${index >> 8}.${index & 255}`)
    const direct = addresses.map((address) => read(request(address))?.address)
    const forwarded = addresses.map((hop) => read(request('127.0.0.1', { 'x-forwarded-for': hop }))?.address)
    expect([direct, forwarded]).toEqual([addresses, addresses])
  })
})

describe('wrong options', () => {
  it.each([
    [{ ipv6Prefix: 0 }, RangeError, 'clientIp: ipv6Prefix'],
    [{ ipv6Prefix: 129 }, RangeError, 'clientIp: ipv6Prefix'],
    [{ ipv6Prefix: Number.NaN }, RangeError, 'clientIp: ipv6Prefix'],
    [{ ipv6Prefix: '64' }, RangeError, 'clientIp: ipv6Prefix'],
    [{ ipv6Prefix: 56, ipv6Network: 64 }, RangeError, 'clientIp: ipv6Network'],
    [{ trustedProxies: ['10.0.0.0/8', 'all'] }, RangeError, 'clientIp: trustedProxies[1]: "all"'],
    [{ trustedProxies: '10.0.0.0/8' }, TypeError, 'clientIp: trustedProxies'],
    [{ trustedProxies: true }, TypeError, 'clientIp: trustedProxies'],
    [{ header: 'X Forwarded' }, TypeError, 'clientIp: header'],
    [{ trustProxies: [] }, TypeError, '"trustProxies"'],
    [null, TypeError, 'clientIp'],
  ])('%j is refused by name', (options, kind, words) => {
    expect(() => clientIp(options as ClientIpOptions)).toThrow(kind)
    expect(() => clientIp(options as ClientIpOptions)).toThrow(words)
  })
})
