import { once } from 'node:events'
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:https'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { connect } from 'node:tls'
import { expect, test } from 'vitest'
import { selfSigned } from './support/certificates.js'
import { temporaryFolder } from './support/folder.js'
import { testGateway } from './support/gateway.js'
import { listeningPort, upstreamServer } from './support/servers.js'

/** The subject of the certificate that a new connection is shown. */
function subjectAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

function get(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca: readFileSync(ca), agent: false }, async (answer) => {
      resolve(`${answer.statusCode} ${Buffer.concat(await answer.toArray())}`)
    })
    asked.on('error', reject)
    asked.end()
  })
}

/** An HTTPS upstream that closes after each answer; where `clients` is there, it wants one of those certificates. */
async function secureUpstream(files: { cert: string; key: string }, clients?: readonly string[]): Promise<string> {
  const options = { cert: readFileSync(files.cert), key: readFileSync(files.key) }
  const wanted = clients && { requestCert: true, ca: clients.map((file) => readFileSync(file)) }
  const server = createServer({ ...options, ...wanted }, (asked, response) => {
    response.setHeader('Connection', 'close')
    response.end(
      `for ${(asked.socket as TLSSocket).getPeerCertificate().subject?.CN}, proto ${asked.headers['x-forwarded-proto']}`,
    )
  })
  return `https://127.0.0.1:${await listeningPort(server)}`
}

test('the listener speaks TLS, and says so to the upstream', async () => {
  const directory = temporaryFolder()
  const { cert } = selfSigned(directory, 'front', 'front')
  const upstream = await upstreamServer((asked, response) => response.end(asked.headers['x-forwarded-proto']))
  const gateway = await testGateway(
    { upstream: upstream.url, listen: { address: '127.0.0.1:0', tls: { cert: 'front.crt', key: 'front.key' } } },
    { baseDirectory: directory },
  )

  expect(gateway.address.url).toMatch(/^https:/)
  expect(await get(gateway.address.url, cert)).toBe('200 https')
})

test('a changed certificate is shown from then on; a broken one leaves the one before in force', async () => {
  const directory = temporaryFolder()
  const live = selfSigned(directory, 'live', 'first')
  const next = selfSigned(temporaryFolder(), 'next', 'second')
  const upstream = await upstreamServer((_asked, response) => response.end('ok'))
  const gateway = await testGateway({ upstream: upstream.url, listen: { address: '127.0.0.1:0', tls: live } })
  const { port } = gateway.address
  expect(await subjectAt(port)).toBe('first')

  writeFileSync(live.cert, 'not a certificate')
  await expect.poll(() => gateway.lines.filter(({ level }) => level === 50).length).toBe(1)
  expect(await subjectAt(port)).toBe('first')

  copyFileSync(next.key, live.key)
  copyFileSync(next.cert, join(directory, 'coming'))
  renameSync(join(directory, 'coming'), live.cert)
  await expect.poll(() => subjectAt(port)).toBe('second')
  expect(gateway.lines.some(({ msg }) => msg === 'certificates reloaded')).toBe(true)
})

test('a certificate is read anew where its directory was deleted, with the one around it, and created again', async () => {
  const around = join(temporaryFolder(), 'around')
  const directory = join(around, 'certificates')
  mkdirSync(directory, { recursive: true })
  const live = selfSigned(directory, 'live', 'first')
  const gateway = await testGateway({ upstream: 'http://127.0.0.1:1', listen: { address: '127.0.0.1:0', tls: live } })
  const faults = () => gateway.lines.filter(({ level }) => level === 50).length

  for (const [times, next] of ['second', 'third'].entries()) {
    rmSync(around, { recursive: true })
    await expect.poll(faults).toBeGreaterThan(times)
    mkdirSync(directory, { recursive: true })
    selfSigned(directory, 'live', next)
    await expect.poll(() => subjectAt(gateway.address.port)).toBe(next)
  }
})

test('the upstream is believed by its own authority and shown a certificate, a new one once the files change', async () => {
  const directory = temporaryFolder()
  const server = selfSigned(directory, 'server', 'upstream')
  const client = selfSigned(directory, 'client', 'gateway')
  const next = selfSigned(temporaryFolder(), 'next', 'renewed')
  const url = await secureUpstream(server, [client.cert, next.cert])
  const gateway = await testGateway({ upstream: { url, tls: { ca: server.cert, ...client } } })
  expect(await (await fetch(gateway.address.url)).text()).toBe('for gateway, proto http')

  copyFileSync(next.key, client.key)
  copyFileSync(next.cert, client.cert)
  await expect.poll(async () => (await fetch(gateway.address.url)).text()).toBe('for renewed, proto http')
})

test('authorities that cannot be read, or only in part, leave those before in force', async () => {
  const { cert, key } = selfSigned(temporaryFolder(), 'server', 'upstream')
  const ca = join(temporaryFolder(), 'ca.crt')
  copyFileSync(cert, ca)
  const gateway = await testGateway({ upstream: { url: await secureUpstream({ cert, key }), tls: { ca } } })
  const whole = readFileSync(cert, 'utf8')

  for (const [times, broken] of ['', 'not a certificate', whole + whole.slice(0, 200)].entries()) {
    writeFileSync(ca, broken)
    await expect.poll(() => gateway.lines.filter(({ level }) => level === 50).length).toBe(times + 1)
    expect((await fetch(gateway.address.url)).status).toBe(200)
  }
})

test('a connection that has shaken hands and asked for nothing does not hold up a stop', async () => {
  const listen = { address: '127.0.0.1:0', tls: selfSigned(temporaryFolder(), 'front', 'front') }
  const gateway = await testGateway({ upstream: 'http://127.0.0.1:1', listen })
  const silent = connect({ port: gateway.address.port, host: '127.0.0.1', rejectUnauthorized: false })
  const closed = once(silent, 'close')
  silent.on('error', () => silent.destroy())
  await once(silent, 'session')
  const startedAt = performance.now()
  await gateway.stop()

  expect(performance.now() - startedAt).toBeLessThan(3_000)
  await closed
})

test('an upstream whose certificate is not believed is 502, whatever Host the client writes', async () => {
  const directory = temporaryFolder()
  const server = selfSigned(directory, 'server', 'upstream')
  const url = await secureUpstream(server)
  const unbelieved = await testGateway({ upstream: url })
  const believed = await testGateway({ upstream: { url, tls: { ca: server.cert } } })
  const headers = { host: 'anything.example' }

  expect((await fetch(unbelieved.address.url, { headers })).status).toBe(502)
  expect(unbelieved.lines.some(({ reason }) => reason === 'tls')).toBe(true)
  expect((await fetch(believed.address.url, { headers })).status).toBe(200)
})

test('a certificate that is not there stops the start, by its place in the policy', async () => {
  const listen = { address: '127.0.0.1:0', tls: { cert: '/nowhere.crt', key: '/nowhere.key' } }

  await expect(testGateway({ upstream: 'http://127.0.0.1:1', listen })).rejects.toThrow(/^listen\.tls: .*ENOENT/)
})
