import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { sharedFolder } from '../../test/support/folder.js'
import { addressRange } from './address-range.js'
import { clientsOf } from './clients.js'

const folder = sharedFolder()
beforeAll(async () => {
  await writeFile(join(folder, 'keys'), 'secret-a\n\nsecret-$&\n')
})

describe('clients', () => {
  test('have addresses that belong to nobody, unless said otherwise', async () => {
    const headers = (await clientsOf({ clients: 256 })).map(({ header }) => header)
    expect(new Set(headers).size).toBe(256)
    expect(headers.at(0)).toBe('x-forwarded-for: 198.51.100.1')
    expect(headers.at(253)).toBe('x-forwarded-for: 198.51.100.254')
    expect(headers.slice(254)).toEqual(['x-forwarded-for: 2001:db8::1', 'x-forwarded-for: 2001:db8:0:1::1'])
  })

  test('differ in a header by their number', async () => {
    const clients = await clientsOf({ clients: 2, clientHeader: 'x-api-key: key-{n}' })
    expect(clients.map(({ header }) => header)).toEqual(['x-api-key: key-1', 'x-api-key: key-2'])
  })

  test('have a key of a file each, which their name does not tell', async () => {
    const options = { clients: 2, keys: join(folder, 'keys'), clientHeader: 'authorization: Bearer {key}' }
    expect(await clientsOf(options)).toEqual([
      { name: 'authorization of line 1', header: 'authorization: Bearer secret-a' },
      { name: 'authorization of line 3', header: 'authorization: Bearer secret-$&' },
    ])
  })

  test.each([
    [{ clients: 3, clientAddress: '192.0.2.0/30' }, '192.0.2.0/30 has 2 addresses, and 3 clients need one each'],
    [{ clients: 1, clientAddress: '192.0.2.0/33' }, '"192.0.2.0/33" is no range'],
    [{ clients: 1, clientAddress: 'mia' }, '"mia" is no range'],
    [{ clients: 2, clientHeader: 'x-api-key: mia' }, '--client-header needs {n}'],
    [{ clients: 1, keys: 'none', clientHeader: 'x: {n}' }, '--client-header needs {key}'],
    [{ clients: 1, keys: '/nowhere/keys' }, 'the keys cannot be read: ENOENT'],
    [{ clients: 1, clientHeader: 'x: {n}', clientAddress: '192.0.2.0/24' }, 'not by both'],
  ])('that there cannot be are a fault: %j', async (options, message) => {
    await expect(clientsOf(options)).rejects.toThrow(message)
  })

  test('need as many keys as there are of them', async () => {
    const keys = join(folder, 'keys')
    await expect(clientsOf({ clients: 3, keys })).rejects.toThrow('has 2 keys, one a line, and 3 clients need one each')
  })
})

describe('a range of addresses', () => {
  test.each([
    ['10.1.2.3/16', 65_534, ['10.1.0.1', '10.1.0.2']],
    ['192.0.2.7/32', 1, ['192.0.2.7']],
    ['2001:db8::/63', 2, ['2001:db8::1', '2001:db8:0:1::1']],
    ['2001:db8:1::8/126', 3, ['2001:db8:1::9', '2001:db8:1::a']],
    ['::ffff:192.0.2.0/120', 255, ['::ffff:c000:201', '::ffff:c000:202']],
  ])('%s has %d, from its first', (text, count, first) => {
    const range = addressRange(text)
    expect(range.count).toBe(count)
    expect(first.map((_, i) => range.at(i))).toEqual(first)
  })
})
