/** A proxy library in front of an upstream, as its manual has it, with connections kept open: `NAME UPSTREAM`. */
import { once } from 'node:events'
import { Agent, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import { answerQuestions } from '../lib/worker.js'

const HOST = '127.0.0.1'
const [name = '', upstream = ''] = process.argv.slice(2)

const PROXIES: Readonly<Record<string, () => Promise<number>>> = {
  'http-proxy-3': httpProxy3,
  '@fastify/http-proxy': fastifyHttpProxy,
  'node:http and undici': nodeAndUndici,
}

async function httpProxy3(): Promise<number> {
  const { createProxyServer } = await import('http-proxy-3')
  const proxy = createProxyServer({ target: upstream, agent: new Agent({ keepAlive: true }) })
  const server = createServer((request, response) => proxy.web(request, response)).listen(0, HOST)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function fastifyHttpProxy(): Promise<number> {
  const { fastify } = await import('fastify')
  const { default: plugin } = await import('@fastify/http-proxy')
  const server = fastify()
  await server.register(plugin, { upstream })
  await server.listen({ port: 0, host: HOST })
  return (server.server.address() as AddressInfo).port
}

/** The least that a proxy can be on these two libraries: it checks nothing, and adds, strips and limits nothing. */
async function nodeAndUndici(): Promise<number> {
  const pool = new Pool(upstream)
  const server = createServer(({ method = 'GET', url = '/', rawHeaders }, response) => {
    pool.dispatch(
      { method: method as 'GET', path: url, headers: rawHeaders },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, status, headers) => void response.writeHead(status, headers),
        onResponseData: (_controller, chunk) => void response.write(chunk),
        onResponseEnd: () => void response.end(),
        onResponseError: () => void response.destroy(),
      },
    )
  }).listen(0, HOST)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

answerQuestions({
  port() {
    const start = PROXIES[name]
    if (start === undefined) throw new RangeError(`no proxy ${name}`)
    return start()
  },
})
