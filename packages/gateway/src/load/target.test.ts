import { describe, expect, test } from 'vitest'
import { findTarget } from './target.js'

describe('a target', () => {
  test.each([
    ['http://127.0.0.1:8080/towns?x=1', '127.0.0.1', 4],
    ['http://127.9.9.9/', '127.9.9.9', 4],
    ['https://[::1]:8443/', '::1', 6],
    ['http://2130706433/', '127.0.0.1', 4],
  ])('on this machine is taken: %s', async (url, address, family) => {
    expect(await findTarget(url, false)).toMatchObject({ address, family })
  })

  test('by name is the address that the name has now', async () => {
    expect((await findTarget('http://localhost:1/', false)).address).toMatch(/^(127\.0\.0\.1|::1)$/)
  })

  test.each(['http://192.0.2.1/', 'http://[2001:db8::1]/', 'http://0.0.0.0/', 'http://[::ffff:192.0.2.1]/'])(
    'elsewhere is refused, unless the caller owns it: %s',
    async (url) => {
      await expect(findTarget(url, false)).rejects.toThrow(/is not a loopback address.*--i-own-this-host/)
      expect(await findTarget(url, true)).toHaveProperty('address')
    },
  )

  test.each([
    ['towns', 'a target is a URL of http or https'],
    ['ftp://127.0.0.1/', 'a target is a URL of http or https'],
    ['http://mia:secret@127.0.0.1/', 'a target has no user name and password'],
    ['http://nobody.invalid/', 'nobody.invalid has no address'],
  ])('that is none is a fault: %s', async (url, message) => {
    await expect(findTarget(url, false)).rejects.toThrow(message)
  })
})
