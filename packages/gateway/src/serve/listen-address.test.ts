import { expect, test } from 'vitest'
import { collide, listenAddress, urlHost } from './listen-address.js'

test('an address to listen on is a host and a port', () => {
  expect(listenAddress('127.0.0.1:8080')).toEqual({ host: '127.0.0.1', port: 8080 })
  expect(listenAddress('localhost:0')).toEqual({ host: 'localhost', port: 0 })
})

test('an IPv6 host stands in brackets, in the policy and in a URL', () => {
  expect(listenAddress('[::]:8080')).toEqual({ host: '::', port: 8080 })
  expect(urlHost('::1')).toBe('[::1]')
  expect(urlHost('127.0.0.1')).toBe('127.0.0.1')
})

test.each([
  ['127.0.0.1:8080', '127.0.0.1:8080'],
  ['0.0.0.0:8080', '127.0.0.1:8080'],
  ['[::]:8080', '127.0.0.1:8080'],
  ['[::]:8080', '0.0.0.0:8080'],
  ['localhost:8080', 'localhost:8080'],
])('two listeners cannot have %s and %s', (one, other) => {
  expect(collide(listenAddress(one), listenAddress(other))).toBe(true)
  expect(collide(listenAddress(other), listenAddress(one))).toBe(true)
})

test.each([
  ['127.0.0.1:8080', '127.0.0.1:9090'],
  ['127.0.0.1:8080', '127.0.0.2:8080'],
  ['0.0.0.0:8080', '[::1]:8080'],
  ['127.0.0.1:0', '127.0.0.1:0'],
])('they can have %s and %s', (one, other) => {
  expect(collide(listenAddress(one), listenAddress(other))).toBe(false)
})
