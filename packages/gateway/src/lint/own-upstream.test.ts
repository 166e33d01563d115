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
