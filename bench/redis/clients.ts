import type { Redis } from 'ioredis'
import type { createClient } from 'redis'
import type { RedisStore } from 'spillway/redis'

type NodeRedis = ReturnType<typeof createClient>

/** A client of Redis, as a limiter meets it: as installed, or, for Spillway, with the options that Spillway advises. */
export interface Client {
  readonly ioredis?: Redis
  /** Sends any command. */
  send(...command: string[]): Promise<unknown>
  /** The client's own `INCR`. */
  increment(key: string): Promise<number>
  /** The client's own way to run a script by its hash, with all arguments as texts. */
  evalsha(sha: string, keys: string[], args: string[]): Promise<unknown>
  /** For limiters that take the client itself. */
  readonly itself: unknown
}

/** The clients that are measured, by name. */
export const CLIENTS: Readonly<Record<string, (port: number) => Promise<Client>>> = { ioredis, 'node-redis': nodeRedis }

async function ioredis(port: number): Promise<Client> {
  const { Redis } = await import('ioredis')
  const client = new Redis(port, '127.0.0.1')
  return {
    ioredis: client,
    itself: client,
    send: (command = '', ...args) => client.call(command, args),
    increment: (key) => client.incr(key),
    evalsha: (sha, keys, args) => client.evalsha(sha, keys.length, ...keys, ...args),
  }
}

async function nodeRedis(port: number): Promise<Client> {
  const { createClient } = await import('redis')
  const client: NodeRedis = createClient({ socket: { host: '127.0.0.1', port } })
  client.on('error', (error) => console.error(error))
  await client.connect()
  return {
    itself: client,
    send: (...command) => client.sendCommand(command),
    increment: (key) => client.incr(key),
    evalsha: (sha, keys, args) => client.evalSha(sha, { keys, arguments: args }),
  }
}

/** A store on a client that has the options which Spillway advises. Its `timeout` is the default unless said otherwise. */
export async function openStore(name: string, port: number, timeout?: string): Promise<RedisStore> {
  const options = timeout === undefined ? {} : { timeout }
  const spillway = await import('spillway/redis')
  if (name === 'ioredis') {
    const { Redis } = await import('ioredis')
    const client = new Redis(port, '127.0.0.1', spillway.ioredisOptions)
    await new Promise((resolve) => client.once('ready', resolve))
    return spillway.redisStore(spillway.fromIoredis(client), options)
  }
  const { createClient } = await import('redis')
  const { socket, ...others } = spillway.nodeRedisOptions
  const client = createClient({ ...others, socket: { ...socket, host: '127.0.0.1', port } })
  const connection = spillway.fromNodeRedis(client)
  await client.connect()
  return spillway.redisStore(connection, options)
}
