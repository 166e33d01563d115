import { parsePolicy } from 'spillway'
import { expect, test } from 'vitest'
import { trustedPeers } from './trusted-peers.js'

const trusting = (ip: object) =>
  trustedPeers(parsePolicy({ rules: [{ path: '/**', quotas: '1/s' }], identity: [{ ip }] }))

test('peers in a trusted range are believed, in either spelling of an IPv4 address', () => {
  const trusts = trusting({ trustedProxies: ['10.0.0.0/8', '::1', '2001:db8::/32'] })

  expect(['10.1.2.3', '::ffff:10.1.2.3', '::1', '2001:db8::5'].every(trusts)).toBe(true)
  expect(['11.1.2.3', '::ffff:11.1.2.3', '::2', 'unknown', ''].some(trusts)).toBe(false)
})

test('without trusted proxies nobody is believed', () => {
  expect(trusting({})('127.0.0.1')).toBe(false)
})
