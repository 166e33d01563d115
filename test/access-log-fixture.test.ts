import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const log = gunzipSync(readFileSync(new URL('fixtures/access-log-2015.log.gz', import.meta.url))).toString()
const lines = log.trimEnd().split('\n')
const clients = new Set(lines.map((line) => line.slice(0, line.indexOf(' '))))

const DOCUMENTATION = /^(192\.0\.2\.\d+|198\.51\.100\.\d+|203\.0\.113\.\d+|2001:db8:0:[\da-f]+::1)$/

describe('the access log', () => {
  it('has 10,000 lines from 1,753 clients', () => {
    expect(lines).toHaveLength(10_000)
    expect(clients.size).toBe(1753)
  })

  it('names no client by a real address', () => {
    expect([...clients].filter((client) => !DOCUMENTATION.test(client))).toEqual([])
  })

  it('gives each IPv6 client a /64 of its own', () => {
    const ipv6 = [...clients].filter((client) => client.includes(':'))
    expect(new Set(ipv6.map((client) => client.split('::')[0])).size).toBe(991)
    expect(ipv6).toHaveLength(991)
  })

  it('keeps the one line that is cut short', () => {
    expect(lines.flatMap((line, index) => (line.endsWith('"') ? [] : [index + 1]))).toEqual([8899])
  })
})
