/** An address as groups of 16 bits: two of IPv4, eight of IPv6. IPv4 inside IPv6 never occurs: `parseAddress` unwraps it. */
export type Address = readonly number[]

const IPV4_GROUPS = 2
const IPV6_GROUPS = 8

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
  if (IPV4.test(text)) return groupsOfOctets(text)
  if (text.length > LONGEST) return undefined

  const spelled = text.replace(IPV4_TAIL, (tail) => groupsOfOctets(tail).map(hex).join(':'))
  const address = IPV6.test(spelled) ? parseGroups(spelled) : undefined
  return address && unwrapped(address)
}

function groupsOfOctets(text: string): Address {
  const groups = [0, 0]
  for (let at = 0, group = 0, octet = 0; at <= text.length; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit >= 0) octet = 10 * octet + digit
    else {
      groups[group >> 1] = ((groups[group >> 1] as number) << 8) | octet
      group++
      octet = 0
    }
  }
  return groups
}

/** `::` stands for one group of zeros or more, once (RFC 4291, 2.2). */
function parseGroups(text: string): Address | undefined {
  const [left = [], right, ...more] = text.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const zeros = IPV6_GROUPS - left.length - (right?.length ?? 0)
  if (more.length > 0 || (right === undefined ? zeros !== 0 : zeros < 1)) return undefined

  const groups = [...left, ...new Array<string>(zeros).fill('0'), ...(right ?? [])]
  return groups.includes('') ? undefined : groups.map((group) => Number.parseInt(group, 16))
}

function unwrapped(address: Address): Address {
  const inside = IPV4_INSIDE.some((leading) => leading.every((group, index) => group === address[index]))
  return inside ? address.slice(-IPV4_GROUPS) : address
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
  if (address.length === IPV4_GROUPS) {
    const [high, low] = address as [number, number]
    return `${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`
  }
  if (bits === 128) return ipv6Text(address)

  const kept = address.map((group, index) => group & groupMask(bits - 16 * index))
  return `${ipv6Text(kept)}/${bits}`
}

/** `::` stands for the longest run of zeros, the first of several, if it is longer than one group (RFC 5952, 4.2). */
function ipv6Text(groups: Address): string {
  let start = 0
  let length = 1
  for (const index of groups.keys()) {
    let end = index
    while (groups[end] === 0) end++
    if (end - index > length) [start, length] = [index, end - index]
  }
  const text = groups.map(hex)
  return length === 1 ? text.join(':') : `${text.slice(0, start).join(':')}::${text.slice(start + length).join(':')}`
}

function hex(group: number): string {
  return group.toString(16)
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

  return (address) => blocks.some(([base, bits]) => base.length === address.length && sameStart(base, address, bits))
}

function sameStart(a: Address, b: Address, bits: number): boolean {
  return a.every((group, index) => ((group ^ (b[index] as number)) & groupMask(bits - 16 * index)) === 0)
}

function parseBlock(range: unknown): [Address, number] | undefined {
  if (typeof range !== 'string') return undefined

  const [, base = '', length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(range) ?? []
  const address = parseAddress(base)
  if (!address) return undefined

  const size = 16 * address.length
  const unwrappedBits = size === 32 && base.includes(':') ? 96 : 0
  const bits = length === undefined ? size : Number(length) - unwrappedBits
  return bits >= 0 && bits <= size ? [address, bits] : undefined
}
