import { EventEmitter, once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { testGateway } from './support/gateway.js'
import { rawAnswer, rawConnection } from './support/raw.js'
import { socketServer, upstreamServer } from './support/servers.js'

const CLOSE = 'Connection: close\r\n\r\n'

describe('the guard', () => {
  test('lets exactly the first 100 of 150 pipelined requests pass, in order', async () => {
    const upstream = await upstreamServer((request, response) => response.end(`answer ${request.url}.`))
    const gateway = await testGateway({ upstream: upstream.url, rules: [{ path: '/**', quotas: '100/minute' }] })
    const requests = Array.from(
      { length: 150 },
      (_, i) => `GET /${i} HTTP/1.1\r\nHost: a\r\n${i === 149 ? CLOSE : '\r\n'}`,
    )
    const answer = await rawAnswer(gateway.address.url, requests.join(''))

    expect([...answer.matchAll(/answer \/(\d+)\./g)].map(([, i]) => Number(i))).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    )
    expect([...answer.matchAll(/HTTP\/1.1 (\d+) /g)].map(([, status]) => status)).toEqual(
      Array.from({ length: 150 }, (_, i) => (i < 100 ? '200' : '429')),
    )
  })

  test('puts its fields on the answer in place of those of the upstream', async () => {
    const upstream = await upstreamServer((_request, response) => {
      response.writeHead(200, { RateLimit: '"theirs";r=9;t=9', 'X-RateLimit-Limit': '9' })
      response.end()
    })
    const gateway = await testGateway({
      upstream: upstream.url,
      rules: [{ path: '/**', quotas: '5/minute', name: 'ours' }],
    })
    const { headers } = await fetch(gateway.address.url)

    expect(headers.get('ratelimit')).toMatch(/^"ours";r=4;t=\d+$/)
    expect(headers.get('x-ratelimit-limit')).toBe('9')
  })

  test('refuses with a document that nobody caches, without a body for HEAD, and the connection stays', async () => {
    const upstream = await upstreamServer((_request, response) => response.end('ok'))
    const gateway = await testGateway({ upstream: upstream.url, rules: [{ path: '/**', quotas: '1/minute' }] })
    const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
    const head = `HEAD / HTTP/1.1\r\nHost: a\r\n${CLOSE}`
    const [, , refused = '', refusedHead = ''] = (await rawAnswer(gateway.address.url, get + get + head)).split(
      'HTTP/1.1 ',
    )

    expect(refused).toMatch(/^429 /)
    expect(refused).toContain('Cache-Control: no-store')
    expect(refused).toContain('"title":"Quota Exceeded"')
    expect(refusedHead).toMatch(/^429 /)
    expect(refusedHead.split('\r\n\r\n')[1]).toBe('')
  })

  test('refuses an upload that waits for leave without asking for its body', async () => {
    const upstream = await upstreamServer((_request, response) => response.end('ok'))
    const gateway = await testGateway({ upstream: upstream.url, rules: [{ path: '/**', quotas: '1/minute' }] })
    await fetch(gateway.address.url)
    const upload = 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n'

    expect(await rawAnswer(gateway.address.url, upload)).toMatch(/^HTTP\/1.1 429 /)
  })
})

describe('bodies', () => {
  test('an upload that waits for leave gets it, once, and arrives', async () => {
    const upstream = await upstreamServer(async (request, response) => {
      const parts = await request.toArray()
      response.end(`${Buffer.concat(parts)} ${request.headers.expect}`)
    })
    const gateway = await testGateway({ upstream: upstream.url })
    const head = `POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n${CLOSE}`
    const connection = rawConnection(gateway.address.url, head)
    await connection.until(/^HTTP\/1.1 100 Continue\r\n\r\n$/)
    connection.socket.write('hello')

    expect(await connection.closed()).toMatch(
      /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK\r\n[\s\S]*hello undefined/,
    )
  })

  test('a body of unknown length and one of known length arrive as they were sent', async () => {
    const upstream = await upstreamServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray())
      response.end(`${request.headers['content-length']} ${request.headers['transfer-encoding']} ${body.length}`)
    })
    const gateway = await testGateway({ upstream: upstream.url })
    const chunked = await rawAnswer(
      gateway.address.url,
      `PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n${CLOSE}11170\r\n${'a'.repeat(70_000)}\r\n5\r\nhello\r\n0\r\n\r\n`,
    )
    const sized = await fetch(gateway.address.url, { method: 'DELETE', body: Buffer.alloc(1_000) })
    const empty = await fetch(gateway.address.url, { method: 'POST' })

    expect(chunked).toContain('undefined chunked 70005')
    expect(await sized.text()).toBe('1000 undefined 1000')
    expect(await empty.text()).toBe('0 undefined 0')
  })

  test('trailers of the answer are passed on', async () => {
    const upstream = await upstreamServer((_request, response) => {
      response.writeHead(200, { Trailer: 'X-Sum' })
      response.write('body')
      response.addTrailers({ 'X-Sum': '42' })
      response.end()
    })
    const gateway = await testGateway({ upstream: upstream.url })

    expect(await rawAnswer(gateway.address.url, `GET / HTTP/1.1\r\nHost: a\r\n${CLOSE}`)).toMatch(
      /0\r\nX-Sum: 42\r\n\r\n$/,
    )
  })

  test('an endless answer is read no faster than the client takes it', async () => {
    let produced = 0
    const upstream = await upstreamServer((_request, response) => {
      const endless = new Readable({
        read(size) {
          produced += size
          this.push(Buffer.alloc(size))
        },
      })
      endless.pipe(response)
      response.on('close', () => endless.destroy())
    })
    const gateway = await testGateway({ upstream: upstream.url })
    const connection = rawConnection(gateway.address.url, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await connection.until(/^HTTP/)
    connection.socket.pause()
    const settled = await stable(() => produced)

    expect(settled).toBeLessThan(32 * 1024 * 1024)
    connection.socket.resume()
    await expect.poll(() => produced, { timeout: 4_000 }).toBeGreaterThan(settled)
  })

  test('an endless upload is read no faster than the upstream takes it', async () => {
    const upstream = await upstreamServer((request) => request.pause())
    const gateway = await testGateway({ upstream: upstream.url })
    const upload = httpRequest(gateway.address.url, { method: 'POST' })
    upload.on('error', () => upload.destroy())
    let sent = 0
    const write = () => {
      while (upload.write(Buffer.alloc(65_536))) sent += 65_536
    }
    upload.on('drain', write)
    write()
    const settled = await stable(() => sent)

    expect(settled).toBeLessThan(32 * 1024 * 1024)
    upload.destroy()
  })
})

describe('connections', () => {
  test('the one to the upstream is kept and used again', async () => {
    const ports = new Set<number | undefined>()
    const upstream = await upstreamServer((request, response) => {
      ports.add(request.socket.remotePort)
      response.end()
    })
    const gateway = await testGateway({ upstream: upstream.url })
    for (let i = 0; i < 5; i++) await (await fetch(gateway.address.url)).text()

    expect(ports.size).toBe(1)
  })

  test('a client that goes away takes its request to the upstream with it', async () => {
    const left = new EventEmitter()
    const upstream = await upstreamServer((_request, response) => {
      response.on('close', () => left.emit('left', response.writableFinished))
    })
    const gateway = await testGateway({ upstream: upstream.url })
    const connection = rawConnection(gateway.address.url, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await once(upstream.server, 'request')
    connection.socket.destroy()

    expect(await once(left, 'left')).toEqual([false])
  })

  test('an answer that comes before the body is whole reaches the client, and ends the connection', async () => {
    const upstream = await upstreamServer((_request, response) => {
      response.writeHead(413)
      response.end('too large')
    })
    const gateway = await testGateway({ upstream: upstream.url })
    const answer = await rawAnswer(
      gateway.address.url,
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc',
    )

    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    expect(answer).toContain('Connection: close')
    expect(answer).toContain('too large')
  })
})

describe('an upstream that fails', () => {
  test('and cannot be reached is 502, as a document', async () => {
    const gateway = await testGateway({ upstream: 'http://127.0.0.1:1' })
    const answer = await fetch(gateway.address.url)

    expect(answer.status).toBe(502)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.json()).toMatchObject({ status: 502, title: 'Bad Gateway' })
  })

  test('is asked once: a request that it dropped is not sent again', async () => {
    let requests = 0
    const url = await socketServer((socket) => {
      socket.on('data', () => {
        requests++
        socket.destroy()
      })
    })
    const gateway = await testGateway({ upstream: url })

    expect((await fetch(gateway.address.url)).status).toBe(502)
    expect(requests).toBe(1)
  })

  test('is asked once even where it closes a kept connection instead of answering', async () => {
    let requests = 0
    const url = await socketServer((socket) => {
      let served = 0
      socket.on('data', () => {
        requests++
        if (served++ === 0) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        else socket.destroy()
      })
    })
    const gateway = await testGateway({ upstream: url })

    expect(await (await fetch(gateway.address.url)).text()).toBe('ok')
    expect((await fetch(gateway.address.url)).status).toBe(502)
    expect(requests).toBe(2)
  })

  test('and does not answer in time is 504, and its connection is not used again', async () => {
    const upstream = await upstreamServer((request) => request.resume())
    const gateway = await testGateway({ upstream: { url: upstream.url, timeout: '200ms' } })
    const answer = await fetch(gateway.address.url)

    expect(answer.status).toBe(504)
    expect(await answer.json()).toMatchObject({ title: 'Gateway Timeout' })
  })

  test('and answers garbage is 502', async () => {
    const url = await socketServer((socket) => socket.on('data', () => socket.write('SSH-2.0-OpenSSH\r\n')))
    const gateway = await testGateway({ upstream: url })

    expect((await fetch(gateway.address.url)).status).toBe(502)
  })

  test('in the middle of its answer ends the connection: the client must see that it is cut', async () => {
    const url = await socketServer((socket) => {
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')
        setImmediate(() => socket.destroy())
      })
    })
    const gateway = await testGateway({ upstream: url })
    const answer = await fetch(gateway.address.url)

    await expect(answer.text()).rejects.toThrow()
  })

  test('says so in one line for ten a second, without the query or any header', async () => {
    const gateway = await testGateway({ upstream: 'http://127.0.0.1:1' })
    for (let i = 0; i < 15; i++) {
      await fetch(`${gateway.address.url}/x?token=secret`, { headers: { authorization: 'Bearer secret' } })
    }
    const lines = gateway.lines.filter(({ reason }) => reason === 'refused')

    expect(lines.length).toBeGreaterThanOrEqual(10)
    expect(lines.length).toBeLessThan(15)
    expect(JSON.stringify(gateway.lines)).not.toContain('secret')
  })
})

/** The value once it has not changed for a quarter of a second. */
async function stable(read: () => number): Promise<number> {
  let last = -1
  while (last !== read()) {
    last = read()
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return last
}
