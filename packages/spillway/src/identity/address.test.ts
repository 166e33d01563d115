import { BlockList, isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressSet, addressText, parseAddress, parseAddressAndPort } from './address.js'

const whole = (text: string) => {
  const address = parseAddress(text)
  return address && addressText(address, 128)
}
const hop = (text: string) => {
  const address = parseAddressAndPort(text)
  return address && addressText(address, 128)
}

describe('parseAddress', () => {
  it.each([
    ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1', '2001:db8:0::0:1', '2001:db8::0.0.0.1'],
    ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201', '0:0:0:0:0:ffff:c000:0201', '64:ff9b::192.0.2.1'],
    ['::102:304', '::1.2.3.4', '0::0102:0304'],
  ])('gives %s for all of its spellings', (canonical, ...spellings) => {
    for (const spelling of [canonical, ...spellings]) expect(whole(spelling)).toBe(canonical)
  })

  it.each([
    '0x7f.1',
    '127.1',
    '2130706433',
    '0177.0.0.1',
    '01.2.3.4',
    '1.2.3.04',
    '256.1.1.1',
    '1.2.3.4.5',
    '1.2.3',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '1.2.3.4\n',
    '1.2.3.4:80',
    '[::1]',
    '[::1]:80',
    '::1%lo',
    'fe80::1%eth0',
    '1::2::3',
    ':::',
    ':1',
    '1:',
    '12345::',
    '00001::',
    '::ffff:256.1.1.1',
    '::ffff:1.2.3',
    '::ffff:01.2.3.4',
    '::0x7f.0.0.1',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7',
    '::g',
    '',
    'localhost',
    'unknown',
    '１.2.3.4',
    `::${'0'.repeat(10_000)}`,
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  it('keeps 6to4, Teredo, translated and local NAT64 addresses as IPv6', () => {
    for (const text of ['2002:c000:201::1', '2001:0:1::1', '::ffff:0:c000:201', '64:ff9b:1::c000:201']) {
      expect(whole(text)).toContain(':')
    }
  })

  it('takes just what the sockets of Node take, whatever the text', () => {
    const group = fc.oneof(
      fc.constantFrom('', '0', 'ffff', '1.2.3.4', '0001', '00001', 'g'),
      fc.string({ unit: fc.constantFrom(...'0aF9'), maxLength: 5 }),
    )
    const colons = fc.array(group, { minLength: 1, maxLength: 10 }).map((groups) => groups.join(':'))
    const octets = fc.array(fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '00', '01', '0x1')), { maxLength: 5 })

    fc.assert(
      fc.property(
        fc.oneof(
          colons,
          octets.map((all) => all.join('.')),
          fc.ipV6(),
          fc.ipV4Extended(),
        ),
        (text) => {
          expect(parseAddress(text) !== undefined).toBe(isIPv4(text) || isIPv6(text))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('spells IPv6 as URLs do, which compress as RFC 5952 says', () => {
    const group = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(0xffff) })
    const groups = fc.array(group, { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(groups, (all) => {
        const text = all.map((each) => each.toString(16).padStart(4, '0')).join(':')
        expect(whole(text)).toBe(
          whole(text)?.includes('.') ? whole(text) : new URL(`http://[${text}]`).hostname.slice(1, -1),
        )
      }),
      { numRuns: 1_000 },
    )
  })

  it('reads back what it wrote, as the same address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const canonical = whole(text)
        expect(canonical).toBeDefined()
        expect(whole(canonical as string)).toBe(canonical)
      }),
    )
  })
})

describe('parseAddressAndPort', () => {
  it.each([
    ['192.0.2.1:443', '192.0.2.1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[::ffff:192.0.2.1]:443', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('reads %s as %s', (text, address) => {
    expect(hop(text)).toBe(address)
  })

  it.each([
    '192.0.2.1:',
    '192.0.2.1:http',
    '192.0.2.1:123456',
    '[192.0.2.1]:80',
    '[::1',
    '::1]',
    '[::1]80',
    '[[::1]]',
    '2001:db8::1%eth0',
    '1.2.3.4%1',
    'fe80::1%',
    ':80',
    '0x7f.1:80',
  ])('refuses %j', (text) => {
    expect(parseAddressAndPort(text)).toBeUndefined()
  })
})

describe('addressText', () => {
  const cut = (text: string, bits: number) =>
    addressText(parseAddress(text) as NonNullable<ReturnType<typeof parseAddress>>, bits)

  it('cuts an IPv6 address to its leading bits, and says to how many', () => {
    expect(cut('2001:db8:1:2:3:4:5:6', 64)).toBe('2001:db8:1:2::/64')
    expect(cut('2001:db8:1:2:3:4:5:6', 48)).toBe('2001:db8:1::/48')
    expect(cut('2001:db8:1:02ff:3:4:5:6', 56)).toBe('2001:db8:1:200::/56')
    expect(cut('ffff::', 1)).toBe('8000::/1')
    expect(cut('2001:db8::1', 128)).toBe('2001:db8::1')
  })

  it('never cuts an IPv4 address, however it is spelt', () => {
    expect(cut('192.0.2.1', 56)).toBe('192.0.2.1')
    expect(cut('::ffff:192.0.2.1', 56)).toBe('192.0.2.1')
    expect(cut('64:ff9b::c000:201', 56)).toBe('192.0.2.1')
  })
})

/** The address that differs in one bit, counted from the left. */
function withBitTurned(text: string, bit: number): string {
  const groups = parseAddress(text) ?? []
  return addressText(
    groups.map((group, i) => (i === bit >> 4 ? group ^ (0x8000 >> (bit & 15)) : group)),
    128,
  )
}

describe('addressSet', () => {
  const holds = (ranges: string[], text: string) => {
    const address = parseAddress(text)
    return address !== undefined && addressSet(ranges, 'trustedProxies')(address)
  }

  it('holds addresses and ranges of both families', () => {
    const ranges = ['10.0.0.0/8', '192.0.2.7', '::1', 'fd00::/8']
    for (const inside of ['10.255.0.1', '192.0.2.7', '::1', 'fdff::1', '::ffff:10.1.2.3'])
      expect(holds(ranges, inside)).toBe(true)
    for (const outside of ['11.0.0.0', '192.0.2.8', '::2', 'fe00::1', '::a00:1'])
      expect(holds(ranges, outside)).toBe(false)
  })

  it.each([
    ['ipv4', 32, fc.ipV4()],
    ['ipv6', 128, fc.ipV6().filter((text) => whole(text)?.includes(':') === true)],
  ] as const)('holds of %s just what the block lists of Node hold', (family, size, address) => {
    // On both sides of the edge of the range: the address is its base but for one bit.
    const near = fc.tuple(address, fc.nat(size), fc.nat(size - 1)).map(([base, bits, turned]) => ({
      base,
      bits,
      text: withBitTurned(base, turned),
    }))
    const anywhere = fc.record({ base: address, bits: fc.nat(size), text: address })
    fc.assert(
      fc.property(fc.oneof(near, anywhere), ({ base, bits, text }) => {
        const list = new BlockList()
        list.addSubnet(base, bits, family)
        expect(holds([`${base}/${bits}`], text)).toBe(list.check(text, family))
      }),
      { numRuns: 2_000 },
    )
  })

  it('takes a range of IPv4-mapped addresses for one of IPv4', () => {
    expect(holds(['::ffff:10.0.0.0/104'], '10.1.2.3')).toBe(true)
    expect(holds(['::ffff:10.0.0.0/104'], '11.1.2.3')).toBe(false)
    expect(holds(['::ffff:192.0.2.1'], '192.0.2.1')).toBe(true)
  })

  it('keeps the families apart: ::/0 holds no IPv4 address', () => {
    expect(holds(['::/0'], '192.0.2.1')).toBe(false)
    expect(holds(['0.0.0.0/0'], '2001:db8::1')).toBe(false)
  })

  it.each([
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    '::ffff:10.0.0.0/95',
    '0x0a.0.0.0/8',
    'fe80::%eth0/10',
    'localhost',
    '',
    '10.0.0.0/-1',
    '10.0.0.0/ 8',
  ])('refuses the range %j and says which it is', (range) => {
    expect(() => addressSet(['127.0.0.1', range], 'trustedProxies')).toThrow(RangeError)
    expect(() => addressSet(['127.0.0.1', range], 'trustedProxies')).toThrow(
      `trustedProxies[1]: ${JSON.stringify(range)}`,
    )
  })
})
