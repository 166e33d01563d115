import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { listening } from '../../test/listening.js'
import { twoWebChunks } from '../../test/two-chunks.js'
import type { AdapterSetup } from '../testing/adapter-scene.js'
import { guessOptions, planLimit } from '../testing/adapter-scene.js'
import { adapterSuite } from '../testing/adapter-suite.js'
import type { FetchHandler, FetchOptions } from './fetch.js'
import { rateLimit, verdictOf } from './fetch.js'

type Rest = [address: string | undefined]

const hooks: FetchOptions<Rest> = {
  onDenied: ({ kind }) => new Response(`denied: ${kind}`, { status: 429 }),
  onIdentityError: ({ code }) => new Response(`identity: ${code}`, { status: 401 }),
}

const address = (_: Request, peer: string | undefined) => peer

adapterSuite('the Fetch standard', ({ guard, hooks: hooked, resume }) => {
  const handler = rateLimit<Rest>(guard, { address, ...(hooked && hooks) })(application(resume))
  return listening(createServer((request, response) => void serve(handler, request, response)))
})

const plan = planLimit((request: Request, name) => request.headers.get(name) ?? undefined)

function application(resume: AdapterSetup['resume']): FetchHandler<Rest> {
  const login = rateLimit<Rest>('2/minute', { name: 'login', address })(() => new Response('welcome'))
  const planned = rateLimit<Rest>(plan.limit, { ...plan.options, address })(() => new Response('ok'))
  const guess = rateLimit<Rest>('2/minute', { ...guessOptions, address })(({ headers }) => {
    return new Response(null, { status: Number(headers.get('x-status') ?? 401) })
  })
  return async (request, peer) => {
    const { pathname } = new URL(request.url)
    const [, status] = /^\/status\/(\d+)$/.exec(pathname) ?? []
    if (status !== undefined) return new Response(null, { status: Number(status) })
    switch (pathname) {
      case '/ok':
        return new Response('ok')
      case '/verdict':
        return new Response(verdictOf(request)?.kind)
      case '/upload':
        return new Response(String((await request.arrayBuffer()).byteLength))
      case '/stream':
        return new Response(twoWebChunks(resume))
      case '/throws':
        throw new Error('thrown by the handler')
      case '/hang':
        return new Promise(() => undefined)
      case '/login':
        return login(request, peer)
      case '/plan':
        return planned(request, peer)
      case '/guess':
        return guess(request, peer)
      default:
        return new Response(null, { status: 404 })
    }
  }
}

/** A platform of the Fetch standard, as small as can be: Node's own requests and responses on the outside. */
async function serve(handler: FetchHandler<Rest>, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  try {
    const { method = 'GET', url = '/', headers, socket } = incoming
    const body = method === 'GET' || method === 'HEAD' ? {} : { body: Readable.toWeb(incoming), duplex: 'half' }
    const broken = new AbortController()
    outgoing.once('close', () => broken.abort())
    const { signal } = broken
    const request = new Request(`http://127.0.0.1${url}`, { method, headers, signal, ...body } as RequestInit)
    const response = await handler(request, socket.remoteAddress)
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    if (response.body === null) outgoing.end()
    else await pipeline(response.body, outgoing)
  } catch (error) {
    if (!outgoing.headersSent) outgoing.writeHead(500).end(String(error))
  }
}

describe('rateLimit of the Fetch standard', () => {
  const limit = () => rateLimit('1/minute')
  const request = () => new Request('http://api.example/')

  it('adds its fields to a response whose headers are immutable', async () => {
    const response = await limit()(() => Response.redirect('http://api.example/elsewhere'))(request())
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe('http://api.example/elsewhere')
    expect(response.headers.get('RateLimit')).toBe('"route";r=0;t=60')
  })

  it('leaves a response alone that cannot be copied', async () => {
    const failed = Response.error()
    expect(await limit()(() => failed)(request())).toBe(failed)
  })

  it('counts all clients as one where the platform tells no address', async () => {
    const handler = limit()(() => new Response('ok'))
    expect((await handler(request())).status).toBe(200)
    expect((await handler(request())).status).toBe(429)
  })

  it('passes on what the handler rejects with', async () => {
    const handler = limit()(() => Promise.reject(new Error('mine')))
    await expect(handler(request())).rejects.toThrow('mine')
  })
})
