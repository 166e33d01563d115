import { expect, test } from 'vitest'
import { ownUpstream } from './own-upstream.js'
import { policyOf } from './policy.fixture.js'

const between = (listen: string, upstream: string) =>
  policyOf(`listen: "${listen}"\nupstream: "${upstream}"\nrules: [{ path: /a, quotas: 1/s }]`)

test.each([
  ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['127.0.0.1:8080', 'http://localhost:8080/'],
  ['0.0.0.0:80', 'http://127.0.0.1'],
  ['[::]:8443', 'https://[::1]:8443'],
  ['Gateway.internal:443', 'https://gateway.internal'],
])('a gateway that listens on %s and forwards to %s goes round in a circle', (listen, upstream) => {
  expect(ownUpstream(between(listen, upstream))).toMatchObject([{ path: 'upstream' }])
})

test.each([
  ['127.0.0.1:8080', 'http://127.0.0.1:3000'],
  ['127.0.0.1:8080', 'http://127.0.0.2:8080'],
  ['0.0.0.0:8080', 'http://service:8080'],
  ['0.0.0.0:80', 'https://127.0.0.1'],
])('one that listens on %s and forwards to %s does not', (listen, upstream) => {
  expect(ownUpstream(between(listen, upstream))).toEqual([])
})

test.each([
  ['127.0.0.1:9090', 'http://localhost:9090', 1],
  ['0.0.0.0:3000', 'http://127.0.0.1:3000', 1],
  ['127.0.0.1:9090', 'http://127.0.0.1:3000', 0],
])('an admin listener on %s is no service for clients: %s', (listen, upstream, warnings) => {
  const admin = `admin: { listen: "${listen}", token: ${'x'.repeat(32)} }`
  const policy = policyOf(`${admin}\nupstream: "${upstream}"\nrules: [{ path: /a, quotas: 1/s }]`)
  expect(ownUpstream(policy)).toHaveLength(warnings)
})
