/**
 * Packs a public access log for the tests, with every client's address replaced by one that is reserved for documentation.
 * `npx tsx scripts/pack-access-log.ts LOG` writes test/fixtures/access-log-2015.log.gz, the same bytes for the same log.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

/** RFC 5737: 254 hosts in each of three blocks. */
const IPV4_BLOCKS = ['192.0.2', '198.51.100', '203.0.113']
const HOSTS = 254

const ADDRESS = String.raw`\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}`
const CLIENT = new RegExp(`^${ADDRESS}`)
/** Somebody searched for an address: it stands as the whole value of a query parameter. */
const SEARCHED = new RegExp(`(?<==)${ADDRESS}(?=&)`, 'g')

/** The n-th address of the documentation ranges; past IPv4, each has a /64 of RFC 3849's block to itself. */
function documentationAddress(n: number): string {
  const block = IPV4_BLOCKS[Math.floor(n / HOSTS)]
  if (block !== undefined) return `${block}.${(n % HOSTS) + 1}`

  const subnet = n - IPV4_BLOCKS.length * HOSTS + 1
  return `2001:db8:0:${subnet.toString(16)}::1`
}

/** Gives each address the next free one, in the order in which they are met. */
function addressBook(): (address: string) => string {
  const known = new Map<string, string>()

  return (address) => {
    const standIn = known.get(address) ?? documentationAddress(known.size)
    known.set(address, standIn)
    return standIn
  }
}

const [source] = process.argv.slice(2)
if (source === undefined) throw new Error('Name the log: npx tsx scripts/pack-access-log.ts LOG')

const lines = readFileSync(source, 'utf8').split('\n')
const standIn = addressBook()
const clients = lines.map((line) => line.replace(CLIENT, standIn))
const packed = clients.map((line) => line.replace(SEARCHED, standIn)).join('\n')

writeFileSync(new URL('../test/fixtures/access-log-2015.log.gz', import.meta.url), gzipSync(packed, { level: 9 }))
