import { expect, test } from 'vitest'
import { isLoopback, parseListenAddress, urlHost } from './listen-address.js'

test('an address to listen on is a host and a port', () => {
  expect(parseListenAddress('127.0.0.1:8080')).toEqual({ host: '127.0.0.1', port: 8080 })
  expect(parseListenAddress('localhost:0')).toEqual({ host: 'localhost', port: 0 })
})

test('an IPv6 host stands in brackets', () => {
  expect(parseListenAddress('[::]:8080')).toEqual({ host: '::', port: 8080 })
  expect(urlHost('::1')).toBe('[::1]')
})

test.each(['8080', '127.0.0.1', '::1:8080', 'a:65536', 'a b:1', ':8080'])('"%s" is refused with an example', (text) => {
  expect(() => parseListenAddress(text)).toThrow('write HOST:PORT, such as 127.0.0.1:8080')
})

test('only loopback addresses and localhost are loopback', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', 'localhost'].every(isLoopback)).toBe(true)
  expect(['0.0.0.0', '::', '192.0.2.1', '127.example.com'].some(isLoopback)).toBe(false)
})
