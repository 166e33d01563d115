import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from '../../../../test/support/free-port.js'
import { redisServer } from '../../../../test/support/redis-server.js'
import { selfSigned } from '../support/certificates.js'
import { temporaryFolder } from '../support/folder.js'
import { gatewayOn, linesOf, untilAvailable, untilConnected } from './scene.js'

/** A server that also speaks TLS and believes the certificates of `ca`; without one it asks clients for none. */
async function tlsServer(files: { readonly cert: string; readonly key: string }, ca?: string) {
  const port = await freePort()
  const asked = ca === undefined ? ['tls-auth-clients no'] : [`tls-ca-cert-file ${ca}`]
  const config = [`tls-port ${port}`, `tls-cert-file ${files.cert}`, `tls-key-file ${files.key}`, ...asked]
  return { server: await redisServer({ config }), url: `rediss://127.0.0.1:${port}` }
}

test('the user and the password of the URL are those that Redis is told', async () => {
  const server = await redisServer({ config: ['user mia on >hunter2 ~* &* +@all'] })
  const { statuses } = await gatewayOn(`redis://mia:hunter2@127.0.0.1:${server.port}/3`)
  await untilConnected(server, '-n', '3')
  await statuses(1)

  expect(await server.cli('-n', '3', 'KEYS', 'spillway:*towns')).not.toBe('')
})

test('a wrong password is told in one line without it, and requests are answered', async () => {
  const server = await redisServer({ config: ['requirepass hunter2'] })
  const { gateway, statuses, metric } = await gatewayOn(`redis://:hunter3@127.0.0.1:${server.port}`)
  await expect.poll(() => metric('spillway_store_available'), { timeout: 10_000 }).toBe(0)
  await statuses(3)

  expect(await statuses(3)).toEqual({ 200: 3 })
  expect(linesOf(gateway, /connection to the store failed/)).toMatchObject([
    { reason: expect.stringContaining('WRONGPASS') },
  ])
  expect(JSON.stringify(gateway.lines)).not.toMatch(/hunter/)
})

test('Redis is spoken to over TLS, believed by its own authority and shown a certificate', async () => {
  const directory = temporaryFolder()
  const own = selfSigned(directory, 'redis', 'redis')
  const client = selfSigned(directory, 'gateway', 'gateway')
  const { server, url } = await tlsServer(own, client.cert)
  const { statuses } = await gatewayOn({ redis: { url, tls: { ca: own.cert, ...client }, prefix: 'towns:' } })
  await untilConnected(server)
  await statuses(1)

  expect(await server.cli('KEYS', 'towns:*towns')).not.toBe('')
})

test('a server whose certificate is not believed is not spoken to, until the file of its authority is right', async () => {
  const directory = temporaryFolder()
  const own = selfSigned(directory, 'redis', 'redis')
  const other = selfSigned(directory, 'other', 'other')
  const believed = join(directory, 'believed.pem')
  copyFileSync(other.cert, believed)
  const { url } = await tlsServer(own)
  const { gateway, statuses, metric } = await gatewayOn({ redis: { url, tls: { ca: believed } } })
  await expect.poll(() => metric('spillway_store_available'), { timeout: 10_000 }).toBe(0)
  expect(await statuses(3)).toEqual({ 200: 3 })
  expect(linesOf(gateway, /connection to the store failed/)).toMatchObject([
    { reason: expect.stringContaining('self-signed certificate') },
  ])

  copyFileSync(own.cert, believed)
  await untilAvailable(metric)
  expect(linesOf(gateway, /certificates reloaded/)).toHaveLength(1)
})

test('the name in a certificate may be another than the host', async () => {
  const own = selfSigned(temporaryFolder(), 'redis', 'redis')
  const { server, url } = await tlsServer(own)
  const misnamed = await gatewayOn({ redis: { url, tls: { ca: own.cert, serverName: 'redis.internal' } } })
  await expect.poll(() => misnamed.metric('spillway_store_available'), { timeout: 10_000 }).toBe(0)
  expect(await server.cli('DBSIZE')).toBe('0')

  await gatewayOn({ redis: { url, tls: { ca: own.cert, serverName: 'localhost' } } })
  await untilConnected(server)
})

test('a file of the store that is not there stops the start, by its place in the policy', async () => {
  const store = { redis: { url: 'rediss://127.0.0.1', tls: { ca: '/nowhere.pem' } } }

  await expect(gatewayOn(store)).rejects.toThrow(/^store\.redis\.tls: .*ENOENT/)
})
