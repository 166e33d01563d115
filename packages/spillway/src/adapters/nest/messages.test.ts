import { once } from 'node:events'
import { ApolloDriver } from '@nestjs/apollo'
import type { INestApplication, ModuleMetadata } from '@nestjs/common'
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql'
import { IoAdapter } from '@nestjs/platform-socket.io'
import { WsAdapter } from '@nestjs/platform-ws'
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { io } from 'socket.io-client'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { decorated, nestApplication, served } from '../../../test/nest-application.js'
import type { AdapterServer } from '../../testing/adapter-scene.js'
import { send } from '../../testing/raw-client.js'
import { RateLimit, SkipRateLimit, SpillwayModule } from './index.js'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function started(metadata: ModuleMetadata, prepare?: (app: INestApplication) => void): Promise<AdapterServer> {
  const app = await nestApplication(metadata)
  prepare?.(app)
  const server = await served(app)
  ends.push(() => server.close())
  return server
}

describe('limits of Nest in GraphQL', () => {
  const typeDefs = 'type Query { towns: String, forests: String, free: String }'

  function application(limit: string) {
    class Places {
      towns() {
        return 'Ulm'
      }
      forests() {
        return 'Spessart'
      }
      free() {
        return 'free'
      }
    }
    decorated(Places, {
      on: [Resolver()],
      methods: {
        towns: [RateLimit('1/minute'), Query('towns')],
        forests: [Query('forests')],
        free: [SkipRateLimit(), Query('free')],
      },
    })
    const graphql = GraphQLModule.forRoot({ driver: ApolloDriver, typeDefs, path: '/graphql' })
    return started({ imports: [SpillwayModule.forRoot({ limit }), graphql], providers: [Places] })
  }

  async function query(port: number, text: string) {
    const headers = { 'content-type': 'application/json' }
    const answer = await send(port, '/graphql', { method: 'POST', headers, chunks: [JSON.stringify({ query: text })] })
    return { status: answer.status, headers: answer.headers, ...JSON.parse(answer.body) }
  }

  it('refuse a field by an error with a problem, and leave the others', async () => {
    const { port } = await application('9/minute')
    expect(await query(port, '{ towns forests }')).toMatchObject({ data: { towns: 'Ulm', forests: 'Spessart' } })
    const { data, errors, headers } = await query(port, '{ towns forests }')
    expect(data).toEqual({ towns: null, forests: 'Spessart' })
    expect(errors).toMatchObject([
      {
        message: '1 request per minute for this client. Try again in 1 minute.',
        path: ['towns'],
        extensions: { code: 'RATE_LIMITED', problem: { status: 429, 'retry-after': 60 } },
      },
    ])
    expect(headers.ratelimit).toBe('"app";r=7;t=60, "Places.towns";r=0;t=60')
  })

  it('count an operation once for the whole application, whatever it asks for', async () => {
    const { port } = await application('2/minute')
    expect(await query(port, '{ a: forests b: forests c: free }')).toMatchObject({ status: 200 })
    expect(await query(port, '{ __typename }')).toMatchObject({ status: 200 })
    expect(await query(port, '{ free }')).toMatchObject({ status: 429 })
  })
})

function gateway() {
  class Chat {
    say(_: unknown, data: string) {
      return { event: 'said', data }
    }
    ping() {
      return { event: 'pong', data: 1 }
    }
  }
  return decorated(Chat, {
    on: [WebSocketGateway()],
    methods: {
      say: [SubscribeMessage('say'), RateLimit('2/minute')],
      ping: [SkipRateLimit(), SubscribeMessage('ping')],
    },
  })
}

describe.each(['socket.io', 'ws'])('limits of Nest in a gateway on %s', (transport) => {
  async function client(port: number): Promise<(event: string) => Promise<unknown>> {
    if (transport === 'ws') {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`)
      ends.push(() => socket.terminate())
      await once(socket, 'open')
      return async (event) => {
        const answer = once(socket, 'message')
        socket.send(JSON.stringify({ event, data: 'hello' }))
        return JSON.parse(String((await answer)[0]))
      }
    }
    const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true })
    ends.push(() => socket.close())
    await new Promise<void>((resolve) => socket.once('connect', resolve))
    return (event) => {
      const answer = new Promise((resolve) => socket.onAny((name, data) => resolve({ event: name, data })))
      socket.emit(event, 'hello')
      return answer.finally(() => socket.offAny())
    }
  }

  const withAdapter = (app: INestApplication) =>
    void app.useWebSocketAdapter(transport === 'ws' ? new WsAdapter(app) : new IoAdapter(app))

  const refused = {
    event: 'exception',
    data: { status: 'error', problem: { status: 429, 'retry-after': expect.any(Number) } },
  }

  it('refuse messages by an exception, over all connections of a client', async () => {
    const { port } = await started({ imports: [SpillwayModule.forRoot({})], providers: [gateway()] }, withAdapter)
    const [one, other] = [await client(port), await client(port)]
    expect(await one('say')).toMatchObject({ event: 'said' })
    expect(await other('say')).toMatchObject({ event: 'said' })
    expect(await one('say')).toMatchObject(refused)
    expect(await other('say')).toMatchObject(refused)
    expect(await one('ping')).toEqual({ event: 'pong', data: 1 })
  })

  it('count each message for the whole application', async () => {
    const imports = [SpillwayModule.forRoot({ limit: '1/minute' })]
    const { port } = await started({ imports, providers: [gateway()] }, withAdapter)
    const say = await client(port)
    expect(await say('say')).toMatchObject({ event: 'said' })
    expect(await say('say')).toMatchObject(refused)
    expect(await say('ping')).toMatchObject({ event: 'pong' })
  })
})
