import { expect, test } from 'vitest'
import { startFault } from './start-fault.js'

const fault = (more: object) => startFault(Object.assign(new Error('what the system says'), more))

test.each([
  [{ code: 'EADDRINUSE', address: '::1', port: 80 }, '[::1]:80 is in use'],
  [{ code: 'EADDRINUSE', address: '127.0.0.1', port: 9090 }, '`admin.listen`'],
  [{ code: 'EADDRNOTAVAIL', address: '192.0.2.1', port: 80 }, '192.0.2.1:80 is no address of this machine'],
  [{ code: 'EACCES', address: '127.0.0.1', port: 80 }, 'ports below 1024'],
  [{ code: 'EACCES', path: '/k.pem' }, '/k.pem may not be read'],
  [{ code: 'ENOENT', path: '/k.pem' }, 'there is no file /k.pem'],
  [{}, 'what the system says'],
])('%j is said plainly', (more, said) => {
  expect(fault(more)).toContain(said)
})

test('what is no error is not hidden', () => {
  expect(() => startFault('odd')).toThrow('odd')
})
