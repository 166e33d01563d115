import ipaddr from 'ipaddr.js'

/** An IPv4 or IPv6 address as numbers. IPv4 inside IPv6 never occurs: `parseAddress` unwraps it. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const FOUR_OCTETS = `${OCTET}(?:\\.${OCTET}){3}`
const IPV4 = new RegExp(`^${FOUR_OCTETS}$`)
const IPV4_TAIL = new RegExp(`(?<=:)${FOUR_OCTETS}$`)
const IPV6 = /^(?:[\da-f]{0,4}:){2,8}[\da-f]{0,4}$/i

/** `192.0.2.1:443` */
const IPV4_AND_PORT = /^([\d.]+):\d{1,5}$/
/** `[2001:db8::1]` and `[2001:db8::1]:443` */
const BRACKETS = /^\[([\da-f.:]*:[\da-f.:]*)\](?::\d{1,5})?$/i

/** Where an IPv6 address is link-local, the interface that a socket names with it: `fe80::1%eth0` (RFC 4007, 11). */
const ZONE = /^(fe[89ab][\da-f]:[\da-f:]*)%[\w.-]+$/i

/** Longer than any address with brackets, a port and a zone. */
const LONGEST = 80

/** IPv4-mapped (RFC 4291, 2.5.5.2) and NAT64 (RFC 6052, 2.1): the leading six groups of an IPv6 address that is an IPv4 one. */
const IPV4_INSIDE: readonly (readonly number[])[] = [
  [0, 0, 0, 0, 0, 0xffff],
  [0x64, 0xff9b, 0, 0, 0, 0],
]

/**
 * Reads an address as strictly as a socket would: four decimal octets without leading zeros, or IPv6 (RFC 4291, 2.2)
 * without a zone. IPv4-mapped and NAT64 addresses are IPv4; 6to4 and Teredo stay IPv6. Absent: it is no address.
 */
export function parseAddress(text: string): Address | undefined {
  if (IPV4.test(text)) return ipaddr.IPv4.parse(text)
  if (text.length > LONGEST) return undefined

  // ipaddr.js takes `::1.2.3.4` for an IPv4-mapped address, which it is not: dotted tails become groups first.
  const groups = text.replace(IPV4_TAIL, tailAsGroups)
  const address = IPV6.test(groups) ? parseGroups(groups) : undefined
  return address && unwrapped(address)
}

/** Parses once; to ask `isValid` first would parse twice, on the way of every new client. */
function parseGroups(groups: string): ipaddr.IPv6 | undefined {
  try {
    return ipaddr.IPv6.parse(groups)
  } catch {
    return undefined
  }
}

function tailAsGroups(tail: string): string {
  const [a, b, c, d] = tail.split('.').map(Number) as [number, number, number, number]
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}

function unwrapped(address: ipaddr.IPv6): Address {
  const { parts } = address
  const inside = IPV4_INSIDE.some((leading) => leading.every((group, index) => group === parts[index]))
  return inside ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address
}

/**
 * Like `parseAddress`, for what sockets and proxies write: a port, IPv6 in brackets and the zone of a link-local address
 * may stand there (`192.0.2.1:443`, `[2001:db8::1]:443`, `fe80::1%eth0`) and play no part.
 */
export function parseAddressAndPort(text: string): Address | undefined {
  if (text.length > LONGEST) return undefined
  return (
    parseAddress(text) ?? parseAddress((BRACKETS.exec(text) ?? IPV4_AND_PORT.exec(text) ?? ZONE.exec(text))?.[1] ?? '')
  )
}

/**
 * The one spelling of an address (RFC 5952), cut to its leading `bits` where it is IPv6: `2001:db8:1:2::/64`. IPv4, and
 * IPv6 at 128 bits, come whole.
 */
export function addressText(address: Address, bits: number): string {
  if (address instanceof ipaddr.IPv4) return address.toString()
  if (bits === 128) return address.toRFC5952String()

  const kept = address.parts.map((group, index) => group & groupMask(bits - 16 * index))
  return `${new ipaddr.IPv6(kept).toRFC5952String()}/${bits}`
}

function groupMask(bits: number): number {
  return (0xffff << (16 - Math.min(Math.max(bits, 0), 16))) & 0xffff
}

/**
 * Whether an address lies in one of the ranges: addresses, and CIDR blocks (RFC 4632) of both families. A block of
 * IPv4-mapped addresses is one of IPv4; `::/0` holds no IPv4 address. Throws a `RangeError` that says which range is
 * none, a `TypeError` where it is no list at all; `option` names the list in it.
 */
export function addressSet(ranges: readonly string[], option: string): (address: Address) => boolean {
  if (!Array.isArray(ranges)) throw new TypeError(`${option}: expected a list of addresses and ranges`)

  const blocks = ranges.map((range: unknown, index) => {
    const block = parseBlock(range)
    if (block) return block
    throw new RangeError(
      `${option}[${index}]: ${JSON.stringify(range)} is neither an address nor a range such as 10.0.0.0/8 or fd00::/8`,
    )
  })

  return (address) => blocks.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits))
}

function parseBlock(range: unknown): [Address, number] | undefined {
  if (typeof range !== 'string') return undefined

  const [, base = '', length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(range) ?? []
  const address = parseAddress(base)
  if (!address) return undefined

  const size = address.kind() === 'ipv4' ? 32 : 128
  const unwrappedBits = size === 32 && base.includes(':') ? 96 : 0
  const bits = length === undefined ? size : Number(length) - unwrappedBits
  return bits >= 0 && bits <= size ? [address, bits] : undefined
}
