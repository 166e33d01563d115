import { describe, expect, it } from 'vitest'
import type { ForwardingSyntax } from './forwarded.js'
import { addressList, forwarded } from './forwarded.js'

/** All hops from the right, as the walk sees them. */
function hops(syntax: ForwardingSyntax, value: string): (string | undefined)[] {
  const found: (string | undefined)[] = []
  for (let end = value.length; end >= 0; ) {
    const start = syntax.lastElement(value, end)
    if (start === undefined) return [...found, undefined]
    found.push(syntax.address(value.slice(start, end)))
    end = start - 1
  }
  return found
}

describe('Forwarded', () => {
  it('reads the examples of RFC 7239', () => {
    expect(hops(forwarded, 'for="_gazonk"')).toEqual([undefined])
    expect(hops(forwarded, 'For="[2001:db8:cafe::17]:4711"')).toEqual(['[2001:db8:cafe::17]'])
    expect(hops(forwarded, 'for=192.0.2.60;proto=http;by=203.0.113.43')).toEqual(['192.0.2.60'])
    expect(hops(forwarded, 'for=192.0.2.43, for=198.51.100.17')).toEqual(['198.51.100.17', '192.0.2.43'])
    expect(hops(forwarded, 'for=192.0.2.43,for="[2001:db8:cafe::17]",for=unknown')).toEqual([
      undefined,
      '[2001:db8:cafe::17]',
      '192.0.2.43',
    ])
  })

  it('takes a comma and a semicolon within quotes for text', () => {
    expect(hops(forwarded, 'by="a,b;c";for=192.0.2.1, for=192.0.2.2;ext="say \\"hi, you\\\\"')).toEqual([
      '192.0.2.2',
      '192.0.2.1',
    ])
  })

  it('undoes quoting, in which any character may be escaped', () => {
    expect(hops(forwarded, 'for="192\\.0.2.1:8\\0"')).toEqual(['192.0.2.1'])
  })

  it('tells an obfuscated port from an obfuscated address', () => {
    expect(hops(forwarded, 'for="192.0.2.1:_http"')).toEqual(['192.0.2.1'])
    expect(hops(forwarded, 'for="_hidden:80"')).toEqual([undefined])
    expect(hops(forwarded, 'for="unknown:80"')).toEqual([undefined])
  })

  it.each([
    'for=192.0.2.1;for=192.0.2.2',
    'for=192.0.2.1;FOR=192.0.2.2',
    'for 192.0.2.1',
    'for= 192.0.2.1',
    'for =192.0.2.1',
    'for="192.0.2.1',
    'for=192.0.2.1"',
    'for=192.0.2.1 for=192.0.2.2',
    'for=192.0.2.1:80',
    'for=2001:db8::1',
    'for="2001:db8::1"',
    'for=[2001:db8::1]',
    'for=""',
    'for=',
    '=192.0.2.1',
    'by=192.0.2.1',
    'for=192.0.2.1;;proto=http',
    '192.0.2.1',
    '',
    ' ',
    'for="192.0.2.1:123456"',
    'for="[2001:db8::1]:"',
    `for=192.0.2.1;x=${'y'.repeat(600)}`,
  ])('finds no address in %j', (value) => {
    expect(hops(forwarded, value)[0]).toBeUndefined()
  })

  it('lets an open quote on the left hide nothing of what stands on the right', () => {
    expect(hops(forwarded, 'for="198.51.100.1, for=192.0.2.1')[0]).toBe('192.0.2.1')
    expect(hops(forwarded, 'for="198.51.100.1\\", for="192.0.2.1:80"')[0]).toBe('192.0.2.1')
  })
})

describe('a list of addresses', () => {
  it('parts at commas and trims', () => {
    expect(hops(addressList, '192.0.2.1,\t192.0.2.2 , 192.0.2.3')).toEqual(['192.0.2.3', '192.0.2.2', '192.0.2.1'])
  })

  it('has no address where an element is empty or too long', () => {
    expect(hops(addressList, '192.0.2.1, ')).toEqual([undefined, '192.0.2.1'])
    expect(hops(addressList, `192.0.2.1,${'9'.repeat(600)}`)).toEqual([undefined])
  })
})
