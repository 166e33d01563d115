import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import { createServer } from 'node:http'
import { Server as SocketServer } from 'socket.io'
import type { Socket } from 'socket.io-client'
import { io } from 'socket.io-client'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { listening } from '../../test/listening.js'
import { createGuard } from '../guard.js'
import { memoryStore } from '../store/memory/memory.js'
import type { Store } from '../store/store.js'
import { withResolvers } from '../testing/adapter-scene.js'
import type { ConnectionLimit, MessageLimit, MessageOptions, RateLimitError } from './ws.js'
import { limitConnections, limitMessages, verdictOf } from './ws.js'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function serving(server: Server): Promise<number> {
  const { port, close } = await listening(server)
  ends.push(close)
  return port
}

/** Answers each message that passes with itself. */
function echo(messages: MessageLimit<WebSocket>, connections?: ConnectionLimit): Promise<number> {
  const server = createServer()
  const sockets = new WebSocketServer({ server, ...(connections && { verifyClient: connections.verifyClient }) })
  sockets.on('connection', (socket, request) => {
    socket.on(
      'message',
      messages.ws(socket, request, (data) => socket.send(String(data))),
    )
  })
  return serving(server)
}

/** A client, and whatever it is told, each with a wait for the next. */
async function connected(port: number): Promise<{ say(text: string): Promise<string>; socket: WebSocket }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  ends.push(() => socket.terminate())
  await once(socket, 'open')
  return {
    socket,
    say(text) {
      const told = Promise.race([
        once(socket, 'message').then(([data]) => String(data)),
        once(socket, 'close').then(([code, reason]) => `${code} ${reason}`),
      ])
      socket.send(text)
      return told
    },
  }
}

/** The status of a handshake: 101 where it is accepted. */
function handshake(port: number): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  ends.push(() => socket.terminate())
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ status: 101, headers: {}, body: '' }))
    socket.on('error', reject)
    socket.on('unexpected-response', async (_, response) => {
      const body = Buffer.concat(await response.toArray()).toString()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
    })
  })
}

const passing = () => limitMessages<WebSocket>('unlimited')

describe('limits on connections of ws', () => {
  it('refuse a handshake with every field and a problem document', async () => {
    const port = await echo(passing(), limitConnections('1/minute', { name: 'connections' }))
    expect(await handshake(port)).toMatchObject({ status: 101 })
    const { status, headers, body } = await handshake(port)
    expect({ status, headers }).toMatchObject({
      status: 429,
      headers: {
        'retry-after': '60',
        ratelimit: '"connections";r=0;t=60',
        'content-type': 'application/problem+json',
        'content-length': String(Buffer.byteLength(body)),
      },
    })
    expect(JSON.parse(body)).toMatchObject({ status: 429, 'retry-after': 60 })
  })

  it('let nobody in where the guard is broken', async () => {
    const broken = limitConnections('1/minute', { cost: () => Promise.reject(new Error('broken')) })
    expect(await handshake(await echo(passing(), broken))).toMatchObject({ status: 500 })
  })

  it('let a handler see the verdict', async () => {
    const { verifyClient } = limitConnections('9/minute')
    const server = createServer()
    const sockets = new WebSocketServer({ server, verifyClient })
    const seen = once(sockets, 'connection')
    await connected(await serving(server))
    expect(verdictOf((await seen)[1])?.kind).toBe('allow')
  })
})

describe('limits on messages of ws', () => {
  it('count those of each connection, and close one that sends too many', async () => {
    const port = await echo(limitMessages<WebSocket>('2/minute'))
    const [one, other] = [await connected(port), await connected(port)]
    expect([await one.say('a'), await one.say('b'), await one.say('c')]).toEqual([
      'a',
      'b',
      '1008 Quota Exceeded; retry after 60 s',
    ])
    expect(await other.say('d')).toBe('d')
  })

  it('count those of all connections of a client', async () => {
    const port = await echo(limitMessages<WebSocket>('1/minute', { per: 'client' }))
    const [one, other] = [await connected(port), await connected(port)]
    expect(await one.say('a')).toBe('a')
    expect(await other.say('b')).toContain('1008')
  })

  it('leave what to do of one too many to onDenied', async () => {
    const port = await echo(
      limitMessages<WebSocket>('1/minute', {
        onDenied: ({ kind }, socket, { data }) => socket.send(`${kind}: ${data}`),
      }),
    )
    const { say } = await connected(port)
    expect([await say('a'), await say('b'), await say('c')]).toEqual(['a', 'deny: b', 'deny: c'])
  })

  it('take as many units as a function of the message says', async () => {
    const port = await echo(limitMessages<WebSocket>('5/minute', { cost: ({ data }) => String(data).length }))
    const { say } = await connected(port)
    expect([await say('four'), await say('x'), await say('y')]).toEqual(['four', 'x', expect.stringContaining('1008')])
  })

  it('hand messages on in their order, even where a store answers in another', async () => {
    const memory = memoryStore()
    const answers: (() => void)[] = []
    const { promise: allAsked, resolve } = withResolvers()
    const slow: Store = {
      ...memory,
      decide: (charges) =>
        new Promise((answer) => {
          if (answers.push(() => answer(memory.decide(charges))) === 3) resolve()
        }),
    }
    const port = await echo(limitMessages<WebSocket>('9/minute', { store: slow }))
    const { socket } = await connected(port)
    const told: string[] = []
    socket.on('message', (data) => told.push(String(data)))
    for (const text of ['a', 'b', 'c']) socket.send(text)
    await allAsked
    for (const answer of answers.reverse()) answer()
    while (told.length < 3) await once(socket, 'message')
    expect(told).toEqual(['a', 'b', 'c'])
  })

  it('close a connection where the guard is broken, and hand nothing on', async () => {
    const port = await echo(limitMessages<WebSocket>('5/minute', { cost: () => 0 }))
    const { say } = await connected(port)
    expect(await say('a')).toContain('1011')
  })

  it('throw where an option is for quotas only', () => {
    const guard = createGuard({ rules: [{ name: 'all', path: '/**', quotas: '1/minute' }], store: memoryStore() })
    expect(() => limitMessages(guard, { per: 'client' })).toThrow('per is for')
  })

  it('throw for what counts neither by connection nor by client, and for a hook that is none', () => {
    const wrong = (options: object) => () => limitMessages<WebSocket>('1/minute', options)
    expect(wrong({ per: 'user' })).toThrow('limitMessages: per: expected "connection" or "client", not "user"')
    expect(wrong({ onDenied: 'drop' })).toThrow('limitMessages: onDenied: expected a function, not "drop"')
  })

  it('name all that there are where one is misspelt', () => {
    const misspelt = { onDenyed: () => undefined }
    expect(() => limitMessages('1/minute', misspelt as MessageOptions<WebSocket>)).toThrow(
      /no option "onDenyed", only name, .*, per, onDenied$/,
    )
  })
})

describe('limits of Socket.IO', () => {
  async function application(prepare: (server: SocketServer) => void): Promise<() => Promise<Socket>> {
    const server = createServer()
    const sockets = new SocketServer(server)
    prepare(sockets)
    const port = await serving(server)
    ends.push(() => sockets.close())
    return async () => {
      const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true, reconnection: false })
      ends.push(() => socket.close())
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve)
        socket.once('connect_error', reject)
      })
      return socket
    }
  }

  it('refuse a connection with a problem', async () => {
    const connect = await application((server) => void server.use(limitConnections('1/minute').socketIo))
    await connect()
    await expect(connect()).rejects.toMatchObject({ data: { status: 429, 'retry-after': 60 } })
  })

  it('keep a message from its handlers, and tell the socket why', async () => {
    const messages = limitMessages('1/minute', { exempt: ({ data }) => (data as unknown[])[0] === 'free' })
    const connect = await application((server) =>
      server.on('connection', (socket) => {
        socket.use(messages.socketIo(socket))
        socket.on('error', (error) => socket.emit('refused', (error as RateLimitError).data))
        socket.on('say', (text, told) => told(text))
        socket.on('free', (told) => told('free'))
      }),
    )
    const socket = await connect()
    expect(await socket.emitWithAck('say', 'a')).toBe('a')
    const refused = new Promise((resolve) => socket.once('refused', resolve))
    socket.emit('say', 'b', () => undefined)
    expect(await refused).toMatchObject({ status: 429 })
    expect(await socket.emitWithAck('free')).toBe('free')
    expect(await (await connect()).emitWithAck('say', 'c')).toBe('c')
  })
})
