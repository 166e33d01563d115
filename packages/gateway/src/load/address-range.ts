import { isIP } from 'node:net'

/** Addresses that belong to nobody (RFC 5737, RFC 3849). */
export const DOCUMENTATION_RANGES = ['198.51.100.0/24', '2001:db8::/32'] as const

/** Of an IPv6 address these bits tell clients apart, as limiters count by them; the others are one network's own. */
const IPV6_CLIENT_BITS = 64

/** The addresses of a range, one for each client. */
export interface AddressRange {
  readonly count: number
  /** From 0, below `count`. */
  at(index: number): string
}

/** Reads a range in CIDR form. IPv6 gives one address of each /64, where it is larger. Throws a `RangeError`. */
export function addressRange(text: string): AddressRange {
  const [, base = '', length = ''] = /^([\da-f.:]+)\/(\d{1,3})$/i.exec(text) ?? []
  const version = isIP(base)
  const bits = version === 4 ? 32 : 128
  const prefix = Number(length)
  if (version === 0 || prefix > bits) {
    throw new RangeError(`${JSON.stringify(text)} is no range of addresses, such as 198.51.100.0/24 or 2001:db8::/32`)
  }
  return version === 4 ? ipv4Range(base, prefix) : ipv6Range(base, prefix)
}

/** The first and the last are the network's own, and its broadcast. */
function ipv4Range(base: string, prefix: number): AddressRange {
  const size = 2 ** (32 - prefix)
  const number = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const first = number - (number % size) + (size > 2 ? 1 : 0)
  const at = (index: number) => {
    const value = first + index
    return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
  }
  return { count: size > 2 ? size - 2 : size, at }
}

function ipv6Range(base: string, prefix: number): AddressRange {
  const step = BigInt(prefix < IPV6_CLIENT_BITS ? 128 - IPV6_CLIENT_BITS : 0)
  const size = 1n << BigInt(128 - prefix)
  const number = ipv6Number(base)
  const first = number - (number % size) + 1n
  const count = Math.max(1, Number((size >> step) - (step === 0n ? 1n : 0n)))
  return { count, at: (index) => ipv6Text(first + (BigInt(index) << step)) }
}

/** An IPv6 address as a number, in whatever spelling. */
export function ipv6Number(text: string): bigint {
  // The host of a URL has one spelling: without a dotted part.
  const [head = '', tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const after = groups(tail ?? '')
  const before = groups(head)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n)
}

function ipv6Text(number: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((number >> BigInt(16 * (7 - i))) & 0xffffn).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
