import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { memoryStore, parsePolicy } from 'spillway'
import { explain } from 'spillway/explain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunningGateway } from '../serve/start-gateway.js'
import { startGateway } from '../serve/start-gateway.js'
import { gatewayRefusal } from './gateway-refusal.js'
import { describedRequest } from './request.js'

const POLICY = {
  identity: [
    { header: { name: 'x-api-key', groups: { 'k-1': 'admin', schlüssel: 'friend' } } },
    { ip: { trustedProxies: ['127.0.0.1'] } },
  ],
  rules: [
    { name: 'admins', path: '/**', group: 'admin', quotas: '1000000/second' },
    { name: 'friends', path: '/**', group: 'friend', quotas: '2000000/second' },
    { name: 'towns', path: '/towns/:name', method: ['GET', 'POST'], quotas: '3000000/second' },
  ],
}
const upstream = createServer((_request, response) => response.end())
let gateway: RunningGateway

beforeAll(async () => {
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const { port } = upstream.address() as AddressInfo
  const policy = parsePolicy({ ...POLICY, listen: '127.0.0.1:0', upstream: `http://127.0.0.1:${port}` })
  gateway = await startGateway(policy, { port: 0, log: pino({ level: 'silent' }) })
})

afterAll(async () => {
  await gateway.stop()
  upstream.close()
})

interface Words {
  readonly method?: string
  readonly target?: string
  readonly headers?: readonly string[]
}

/** Status and policy field, as the running gateway answers. */
async function answered({ method = 'GET', target = '/towns/bergen', headers = [] }: Words) {
  const socket = connect(Number(new URL(gateway.address.url).port), '127.0.0.1')
  socket.write([`${method} ${target} HTTP/1.1`, 'Host: a', ...headers, 'Connection: close', '', ''].join('\r\n'))
  const answer = await text(socket)
  return { status: Number(answer.slice(9, 12)), quota: /^ratelimit-policy: (.*)\r$/im.exec(answer)?.[1] }
}

/** The same, as `explain` says it. */
async function explained({ method = 'GET', target = '/towns/bergen', headers = [] }: Words, policy = POLICY) {
  const parsed = parsePolicy({ upstream: 'http://127.0.0.1:3000', ...policy })
  const request = describedRequest({ method, target, headers, from: '127.0.0.1' })
  const explanation =
    gatewayRefusal(parsed, request, headers) ?? (await explain(parsed, request, { store: memoryStore() }))
  const { status = 200, fields } = explanation.answer
  return { status, quota: new Map(fields).get('RateLimit-Policy') }
}

describe('a request is explained as the gateway answers it', () => {
  test.each<[string, Words, number]>([
    ['a key that comes twice', { headers: ['x-api-key: k-1', 'X-API-KEY: k-2'] }, 400],
    ['a key twice, the same', { headers: ['x-api-key: k-1', 'x-api-key: k-1'] }, 400],
    ['another header twice', { headers: ['accept: a', 'accept: b'] }, 200],
    ['addresses in two lines', { headers: ['x-forwarded-for: 192.0.2.1', 'x-forwarded-for: 192.0.2.2'] }, 200],
    ['two tokens', { headers: ['Authorization: Bearer a', 'authorization: Bearer b'] }, 400],
    ['a coding that is not passed on', { headers: ['transfer-encoding: gzip'] }, 400],
    ['a key beyond ASCII, as its bytes come', { headers: ['x-api-key: schlüssel'] }, 200],
    ['a known key', { headers: ['x-api-key:  k-1 '] }, 200],
    ['a method in small letters', { method: 'get' }, 400],
    ['a method that there is none of', { method: 'FETCH' }, 400],
    ['CONNECT', { method: 'CONNECT' }, 405],
    ['a method of others', { method: 'M-SEARCH' }, 200],
    ['a broken escape', { target: '/%zz' }, 400],
  ])('%s', async (_what, words, status) => {
    const answer = await answered(words)
    expect(answer.status).toBe(status)
    expect(await explained(words)).toEqual(answer)
  })

  test('a policy for middleware is not held to what a gateway does not pass on', () => {
    const parsed = parsePolicy(POLICY)
    const headers = ['x-api-key: k-1', 'x-api-key: k-2']
    const request = describedRequest({ method: 'get', target: '/', headers, from: undefined })
    expect(gatewayRefusal(parsed, request, headers)).toBeUndefined()
  })
})
