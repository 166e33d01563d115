import { createHash } from 'node:crypto'
import type { Awaitable, Decision, Quota } from 'spillway'
import { fastifyStore } from '../lib/fastify-store.js'
import { lastingQuota } from '../lib/lasting-quota.js'
import type { Client } from './clients.js'
import { CLIENTS, openStore } from './clients.js'

/** Charges one partition, and says whether it passes. */
export type Charge = (name: string) => Awaitable<boolean>

/** A limiter that is ready to charge. */
export interface Charger {
  readonly charge: Charge
  /** Why its decisions since the last time were not all the server's; absent where they were. */
  fault?(): string | undefined
}

/** A limiter whose counts lie in Redis. */
export interface Contestant {
  readonly name: string
  readonly note?: string
  /** How often each partition is charged before anything is measured. Default: once. */
  readonly before?: number
  /** Rejects where it cannot work on this client. */
  make(client: string, port: number): Promise<Charger>
}

/** Units that are never used up. */
const AMPLE = 1_000_000_000
/** The window of all, in seconds. */
const HOUR = 3_600

/** On a busy machine a process may stand still for longer than a request should wait: that is not what is measured. */
export const PATIENCE = '2s'

export const FLOOR = 'bare INCR (the floor)'
/** A floor of the second kind: what goes by the server's clock, in one step, does at least this. */
export const LEAST_SCRIPT = 'a script of TIME, GET and PSETEX'
export const BUCKET = 'spillway token-bucket'
export const FIXED = 'spillway fixed-window'
export const LOG = 'spillway sliding-window'

export const CONTESTANTS: readonly Contestant[] = [
  { name: FLOOR, make: bareIncrement },
  { name: LEAST_SCRIPT, note: 'decides nothing', make: leastScript },
  { name: BUCKET, make: (client, port) => spillway(client, port, 'token-bucket', AMPLE) },
  { name: FIXED, make: (client, port) => spillway(client, port, 'fixed-window', AMPLE) },
  {
    name: LOG,
    note: 'limit 100, an exact log of 30 entries and more',
    before: 30,
    make: (client, port) => spillway(client, port, 'sliding-window', 100),
  },
  { name: 'rate-limiter-flexible', make: rateLimiterFlexible },
  { name: 'rate-limit-redis', make: rateLimitRedis },
  { name: '@fastify/rate-limit', make: fastifyRateLimit },
  {
    name: '@upstash/ratelimit',
    note: 'fixed window, over a shim: it speaks REST, and its script has a flag of its own',
    make: upstash,
  },
]

/** The least that a limiter in Redis can do: one command of the client for each decision. */
async function bareIncrement(name: string, port: number): Promise<Charger> {
  const client = await clientOf(name, port)
  return { charge: async (key) => (await client.increment(key)) <= AMPLE }
}

/** The least that a script can do which goes by the server's clock and keeps a count that expires. */
async function leastScript(name: string, port: number): Promise<Charger> {
  const client = await clientOf(name, port)
  const source = `
    local time, count = redis.call('TIME'), redis.call('GET', KEYS[1])
    redis.call('PSETEX', KEYS[1], ARGV[1], (count or 0) + 1)
    return time[1]`
  const sha = String(await client.send('SCRIPT', 'LOAD', source))
  return {
    async charge(key) {
      // Keys of its own: the floor's are not to have a time to live.
      await client.evalsha(sha, [`script:${key}`], [String(HOUR * 1000)])
      return true
    },
  }
}

async function spillway(client: string, port: number, algorithm: Quota['algorithm'], limit: number): Promise<Charger> {
  const { createLimiter } = await import('spillway')
  const store = await openStore(client, port, PATIENCE)
  const limiter = createLimiter({
    quotas: lastingQuota(algorithm, limit, HOUR * 1_000_000),
    name: algorithm,
    store,
  })
  const passes = ({ kind }: Decision) => kind === 'allowed'
  let before = 0
  return {
    charge(name) {
      const decision = limiter.charge(name)
      return decision instanceof Promise ? decision.then(passes) : passes(decision as Decision)
    },
    fault() {
      const { decisions, failures } = store.stats()
      const others = decisions.local + decisions.denyCache
      if (others === before) return undefined
      before = others
      return `decisions: ${JSON.stringify(decisions)}, failures: ${JSON.stringify(failures)}`
    },
  }
}

async function rateLimiterFlexible(name: string, port: number): Promise<Charger> {
  const { RateLimiterRedis } = await import('rate-limiter-flexible')
  const client = await clientOf(name, port)
  const limiter = new RateLimiterRedis({
    storeClient: client.itself,
    useRedisPackage: name === 'node-redis',
    points: AMPLE,
    duration: HOUR,
  })
  return {
    async charge(key) {
      await limiter.consume(key)
      return true
    },
  }
}

async function rateLimitRedis(name: string, port: number): Promise<Charger> {
  const { RedisStore } = await import('rate-limit-redis')
  const client = await clientOf(name, port)
  const store = new RedisStore({ sendCommand: (...command: string[]) => client.send(...command) as Promise<number> })
  await store.init({ windowMs: HOUR * 1000 } as Parameters<typeof store.init>[0])
  return { charge: async (key) => (await store.increment(key)).totalHits <= AMPLE }
}

async function fastifyRateLimit(name: string, port: number): Promise<Charger> {
  const client = await clientOf(name, port)
  if (client.ioredis === undefined) throw new Error('its store wants commands that only ioredis defines')
  const store = await fastifyStore('RedisStore', client.ioredis)
  return {
    charge: (key) =>
      new Promise((resolve, reject) =>
        store.incr(
          key,
          (error, result) => (result === undefined ? reject(error) : resolve(result.current <= AMPLE)),
          HOUR * 1000,
          AMPLE,
        ),
      ),
  }
}

async function upstash(name: string, port: number): Promise<Charger> {
  const { Ratelimit } = await import('@upstash/ratelimit')
  const client = await clientOf(name, port)
  const hashes = new Map<string, string>()
  const redis = {
    async evalsha(sha: string, keys: string[], args: unknown[]) {
      const hash = hashes.get(sha)
      if (hash === undefined) throw new Error('NOSCRIPT No matching script')
      return await client.evalsha(hash, keys, texts(args))
    },
    eval(script: string, keys: string[], args: unknown[]) {
      const plain = script.replace(UNKNOWN_FLAG, '')
      hashes.set(sha1(script), sha1(plain))
      return client.send('EVAL', plain, String(keys.length), ...keys, ...texts(args))
    },
  }
  const limiter = new Ratelimit({
    redis: redis as never,
    limiter: Ratelimit.fixedWindow(AMPLE, `${HOUR} s`),
    // The others have no timer for each charge, and no answers from memory.
    timeout: 0,
    ephemeralCache: false,
  })
  return { charge: async (key) => (await limiter.limit(key)).success }
}

/** A flag of Upstash's own servers, which others refuse. */
const UNKNOWN_FLAG = /^#!lua flags=allow-key-locking\n/

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

/** As its client over REST writes them: what is not there is empty. */
function texts(args: readonly unknown[]): string[] {
  return args.map((arg) => (arg === null || arg === undefined ? '' : String(arg)))
}

function clientOf(name: string, port: number): Promise<Client> {
  const open = CLIENTS[name]
  if (open === undefined) throw new RangeError(`no client is called ${name}`)
  return open(port)
}
