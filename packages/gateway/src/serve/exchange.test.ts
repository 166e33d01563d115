import type { RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { upstreamServer } from '../../test/support/servers.js'
import { exchange } from './exchange.js'
import { openUpstream } from './upstream.js'
import { upstreamHeaders } from './upstream-headers.js'

const NOBODY = { single: new Set<string>(), guarded: new Set<string>(), forwarding: new Set<string>() }

async function front(upstreamUrl: string): Promise<string> {
  const upstream = openUpstream(upstreamUrl, () => 1_000)
  const listener: RequestListener = (request, response) => {
    const headers = upstreamHeaders(request, { peer: '192.0.2.1', trusted: false, encrypted: false }, NOBODY)
    exchange(upstream, request, response, {
      path: request.url ?? '/',
      headers,
      upgrade: null,
      own: [['X-Own', 'yes']],
      timeout: 1_000,
      onAnswer: () => response.setTimeout(0),
      onFault: () => response.destroy(),
      onUpgrade: (_head, socket) => socket.destroy(),
    })
  }
  const { url } = await upstreamServer(listener)
  onTestFinished(() => upstream.pool.destroy())
  return url
}

test('a request and its body reach the upstream, and the answer comes back with our fields', async () => {
  const { url } = await upstreamServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(201, 'Made', { 'x-method': request.method ?? '', 'x-own': 'not this one' })
      response.end(`${request.url} ${request.headers['x-forwarded-for']} ${Buffer.concat(chunks).length}`)
    })
  })
  const answer = await fetch(`${await front(url)}/towns?x=1`, { method: 'POST', body: 'y'.repeat(300_000) })

  expect(answer.status).toBe(201)
  expect(answer.statusText).toBe('Made')
  expect(answer.headers.get('x-method')).toBe('POST')
  expect(answer.headers.get('x-own')).toBe('yes')
  expect(await answer.text()).toBe('/towns?x=1 192.0.2.1 300000')
})
