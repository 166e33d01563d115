import { EventEmitter, once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Store } from 'spillway'
import { memoryStore } from 'spillway'
import { describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { requestsInFlight, testGateway } from './support/gateway.js'
import { rawConnection } from './support/raw.js'
import { upstreamServer } from './support/servers.js'

/** A gateway whose clients lose five of 50 units by each answer `on` one of these statuses; the client says which comes. */
async function guessing(on: unknown) {
  const held: { release: () => void; response: ServerResponse }[] = []
  const upstream = await upstreamServer((request, response) => {
    const release = () => void response.writeHead(Number(request.headers['x-status'])).end()
    if (request.url === '/held') held.push({ release, response })
    else release()
  })
  const charge = { when: 'response', on, cost: 5 }
  const rules = [{ name: 'login', path: '/**', quotas: '50/hour', charge }]
  const gateway = await testGateway({ upstream: upstream.url, rules })

  const ask = async (status: number, path = '/') => {
    const answer = await fetch(`${gateway.address.url}${path}`, { headers: { 'x-status': String(status) } })
    return answer.status
  }
  return { ...upstream, gateway, held, ask }
}

/** How often five units are left, by taking them with answers that count. */
async function left(ask: (status: number) => Promise<number>, status: number): Promise<number> {
  for (let count = 0; ; count++) if ((await ask(status)) === 429) return count
}

describe('a rule that charges by the response', () => {
  it('counts what the upstream answers so, and nothing else', async () => {
    const { ask } = await guessing([401, '5xx'])
    const free = new Array(15).fill([200, 403]).flat()
    const counted = new Array(5).fill([401, 503]).flat()
    for (const status of [...free, ...counted]) expect(await ask(status)).toBe(status)
    expect(await ask(200)).toBe(429)
  })

  it('lets no more pass at once than if all counted, and afterwards has counted exactly those that do', async () => {
    const { ask, held } = await guessing(401)
    let refused = 0
    const statuses = Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const status = await ask(i % 2 ? 401 : 200, '/held')
        if (status === 429 && ++refused === 90) for (const { release } of held) release()
        return status
      }),
    )
    const counted = (await statuses).filter((status) => status === 401).length

    expect(refused).toBe(90)
    expect(held).toHaveLength(10)
    expect(await left(ask, 401)).toBe(10 - counted)
  })

  it.each([
    [[401, 499], 9],
    [[401], 10],
  ])('counts a connection that broke before the answer as 499: on %j leaves %i times five', async (on, expected) => {
    const { gateway, held, server, ask } = await guessing(on)
    const client = new AbortController()
    const asked = once(server, 'request')
    const broken = fetch(`${gateway.address.url}/held`, { signal: client.signal }).catch(() => undefined)
    await asked
    const gone = once(held[0]?.response as ServerResponse, 'close')
    client.abort()
    await broken
    await gone
    expect(await left(ask, 401)).toBe(expected)
  })

  it('counts a connection that broke before the decision as 499, and asks nothing of the upstream', async () => {
    const asked: string[] = []
    const upstream = await upstreamServer((request, response) => {
      asked.push(request.url ?? '')
      response.end()
    })
    const store = memoryStore()
    const waiting = new EventEmitter()
    const slow: Store = {
      ...store,
      decide: async (charges) => {
        waiting.emit('asked')
        await once(waiting, 'answer')
        return store.decide(charges)
      },
    }
    const charge = { when: 'response', on: [200] }
    const rules = [{ path: '/**', quotas: '1/hour', charge }]
    const admin = { listen: '127.0.0.1:0' }
    const gateway = await testGateway({ upstream: upstream.url, rules, admin }, { store: slow })
    const ask = async (path: string) => {
      const begun = once(waiting, 'asked')
      const connection = rawConnection(gateway.address.url, `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
      await begun
      return connection
    }

    const gone = await ask('/gone')
    gone.socket.destroy()
    await expect.poll(() => requestsInFlight(gateway)).toBe(0)
    waiting.emit('answer')
    const here = await ask('/here')
    waiting.emit('answer')

    expect(await here.until(/\r\n\r\n/)).toMatch(/^HTTP\/1.1 200 /)
    expect(asked).toEqual(['/here'])
  })

  it('counts a change of protocols as 101', async () => {
    const { gateway, server, ask } = await guessing([101, 401])
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket) => socket.send('hello'))
    const socket = new WebSocket(gateway.address.url.replace('http', 'ws'))
    await once(socket, 'message')
    expect(await left(ask, 401)).toBe(9)
    socket.terminate()
  })
})
