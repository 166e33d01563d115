import type { Guard } from '../guard.js'
import { createGuard } from '../guard.js'
import { clientIp } from '../identity/client-ip.js'
import { memoryStore } from '../store/memory/memory.js'
import type { AdapterScene } from './adapter-scene.js'
import { all, withResolvers } from './adapter-scene.js'
import { abort, begin, pipeline, send } from './raw-client.js'
import { expect, it } from './runner.js'

/** What every adapter promises of requests and answers. */
export function promisesOfRequests({ clock, serving }: AdapterScene): void {
  it('lets a request pass and says where the client stands', () =>
    serving(all('2/minute'), async (port) => {
      expect(await send(port, '/ok')).toMatchObject({
        status: 200,
        body: 'ok',
        headers: { 'ratelimit-policy': '"all";q=2;w=60', ratelimit: '"all";r=1;t=60' },
      })
    }))

  it('refuses with every field and a problem document', () =>
    serving(all('1/minute'), async (port) => {
      await send(port, '/ok')
      const { status, headers, body } = await send(port, '/ok')
      expect({ status, headers }).toMatchObject({
        status: 429,
        headers: {
          'ratelimit-policy': '"all";q=1;w=60',
          ratelimit: '"all";r=0;t=60',
          'retry-after': '60',
          'cache-control': 'no-store',
          'content-type': 'application/problem+json',
        },
      })
      expect(JSON.parse(body)).toMatchObject({ status: 429, 'violated-policies': ['all'], 'retry-after': 60 })
    }))

  it('counts HEAD, and refuses it without a body', () =>
    serving(all('1/minute'), async (port) => {
      expect(await send(port, '/ok', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
      expect(await send(port, '/ok', { method: 'HEAD' })).toMatchObject({
        status: 429,
        headers: { 'retry-after': '60', 'content-type': 'application/problem+json' },
        body: '',
      })
    }))

  it('counts what no route answers', () =>
    serving(all('1/minute'), async (port) => {
      expect(await send(port, '/nowhere')).toMatchObject({ status: 404, headers: { ratelimit: '"all";r=0;t=60' } })
      expect(await send(port, '/nowhere')).toMatchObject({ status: 429 })
    }))

  it('does not count a CORS preflight, and exposes the fields to other origins', () =>
    serving(all('1/minute'), async (port) => {
      const headers = { origin: 'https://a.example', 'access-control-request-method': 'POST' }
      for (let i = 0; i < 3; i++) {
        expect((await send(port, '/ok', { method: 'OPTIONS', headers })).status).not.toBe(429)
      }
      const { headers: exposed } = await send(port, '/ok', { headers: { origin: headers.origin } })
      expect(exposed['access-control-expose-headers']).toBe('RateLimit-Policy, RateLimit')
    }))

  it('counts every spelling of a path as one, and refuses an ambiguous one', () =>
    serving({ rules: [{ name: 'ok', path: '/ok', quotas: '1/minute' }], identity: [clientIp()] }, async (port) => {
      expect(await send(port, '/ok')).toMatchObject({ status: 200 })
      for (const spelling of ['/ok', '/OK/', '//ok', '/%6fk', '/ok;x=1', '/a/../ok', '/./ok']) {
        expect(await send(port, spelling)).toMatchObject({ status: 429 })
      }
      expect(await send(port, '/ok%zz')).toMatchObject({ status: 400 })
    }))

  it('believes no X-Forwarded-For from a peer that is not trusted', () =>
    serving(all('5/minute'), async (port) => {
      const statuses: number[] = []
      for (let i = 0; i < 20; i++) {
        statuses.push((await send(port, '/ok', { headers: { 'x-forwarded-for': `198.51.100.${i}` } })).status)
      }
      expect(statuses).toEqual([...new Array(5).fill(200), ...new Array(15).fill(429)])
    }))

  it('passes a chunked upload on whole, and answers a refused one', () =>
    serving(all('1/minute'), async (port) => {
      const upload = { method: 'POST', chunks: ['a'.repeat(10_000), 'b', 'c'.repeat(50_000)] }
      expect(await send(port, '/upload', upload)).toMatchObject({ status: 200, body: '60001' })
      expect(await send(port, '/upload', upload)).toMatchObject({ status: 429 })
    }))

  it('does not hold back a streamed answer', () =>
    serving(all('9/minute'), async (port, resume) => {
      const response = await begin(port, '/stream')
      const chunks = response.setEncoding('utf8')[Symbol.asyncIterator]()
      expect(response.headers.ratelimit).toBe('"all";r=8;t=60')
      expect(await chunks.next()).toEqual({ done: false, value: 'one' })
      resume()
      expect(await chunks.next()).toEqual({ done: false, value: 'two' })
      expect(await chunks.next()).toMatchObject({ done: true })
    }))

  it('admits exactly the first 100 of 150 pipelined requests', () =>
    serving(all('100/minute'), async (port) => {
      const expected = [...new Array(100).fill(200), ...new Array(50).fill(429)]
      expect(await pipeline(port, '/ok', 150)).toEqual(expected)
    }))

  it('leaves an error of a handler to the framework, and has counted the request', () =>
    serving(all('2/minute'), async (port) => {
      expect(await send(port, '/throws')).toMatchObject({ status: 500 })
      expect(await send(port, '/ok')).toMatchObject({ status: 200, headers: { ratelimit: '"all";r=0;t=60' } })
    }))

  it('outlives a request that is broken off, and has counted it', () => {
    const { promise, resolve } = withResolvers()
    const guard = createGuard({ ...all('2/minute'), store: memoryStore({ clock }) })
    const watched: Guard = {
      ...guard,
      decide(request) {
        const verdict = guard.decide(request)
        resolve()
        return verdict
      },
    }
    return serving(watched, async (port) => {
      await abort(port, '/hang', promise)
      expect(await send(port, '/ok')).toMatchObject({ status: 200, headers: { ratelimit: '"all";r=0;t=60' } })
      expect(await send(port, '/ok')).toMatchObject({ status: 429 })
    })
  })
}
