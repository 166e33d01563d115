import { expect, test } from 'vitest'
import { listenAddress, urlHost } from './listen-address.js'

test('an address to listen on is a host and a port', () => {
  expect(listenAddress('127.0.0.1:8080')).toEqual({ host: '127.0.0.1', port: 8080 })
  expect(listenAddress('localhost:0')).toEqual({ host: 'localhost', port: 0 })
})

test('an IPv6 host stands in brackets, in the policy and in a URL', () => {
  expect(listenAddress('[::]:8080')).toEqual({ host: '::', port: 8080 })
  expect(urlHost('::1')).toBe('[::1]')
  expect(urlHost('127.0.0.1')).toBe('127.0.0.1')
})
