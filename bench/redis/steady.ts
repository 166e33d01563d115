/** A process that charges one partition fifty times a second: `CONTESTANT PORT`. */
import { answerQuestions } from '../lib/worker.js'
import { openStore } from './clients.js'
import type { Sample, Steadily } from './sample.js'
import { WAITED } from './sample.js'

interface Steady {
  charge(): Promise<unknown>
  /** How many charges the server has decided, and not this process. */
  answered(): number
  /** Units that the server has counted. */
  counted(): Promise<number>
}

const BETWEEN = 20
/** Far above the load: what is slow or refused is the fault's doing. */
const LIMIT = 1_000_000

const MAKE: Readonly<Record<string, (port: number) => Promise<Steady>>> = { spillway, 'rate-limiter-flexible': peer }

async function spillway(port: number): Promise<Steady> {
  const { createLimiter } = await import('spillway')
  const store = await openStore('ioredis', port)
  const limiter = createLimiter({ quotas: `${LIMIT}/hour`, name: 'steady', store })
  return {
    charge: async () => await limiter.charge('mia'),
    answered: () => store.stats().decisions.store,
    async counted() {
      const decision = await limiter.peek('mia')
      return decision.kind === 'allowed' ? decision.limit - decision.remaining : Number.NaN
    },
  }
}

/** As well as it can be told: no queue, a deadline as ours, and a limiter in memory that answers instead. */
async function peer(port: number): Promise<Steady> {
  const { Redis } = await import('ioredis')
  const { RateLimiterMemory, RateLimiterRedis } = await import('rate-limiter-flexible')
  const client = new Redis(port, '127.0.0.1', {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 50,
  })
  client.on('error', () => undefined)
  await new Promise((resolve) => client.once('ready', resolve))
  const options = { points: LIMIT, duration: 3_600 }
  const limiter = new RateLimiterRedis({
    ...options,
    storeClient: client,
    insuranceLimiter: new RateLimiterMemory(options),
  })
  let answered = 0
  return {
    async charge() {
      const began = performance.now()
      await limiter.consume('mia')
      // It does not tell who decided: its memory does so once the deadline is over.
      if (performance.now() - began < WAITED) answered++
    },
    answered: () => answered,
    counted: async () => (await limiter.get('mia'))?.consumedPoints ?? 0,
  }
}

const [name = '', port] = process.argv.slice(2)
const make = MAKE[name]
if (make === undefined) throw new RangeError(`no ${name}`)
const steady = await make(Number(port))
const samples: Sample[] = []
const pending = new Set<Promise<void>>()
let failed = 0

async function charge(): Promise<void> {
  const at = Date.now()
  const began = performance.now()
  try {
    await steady.charge()
  } catch {
    failed++
  }
  samples.push({ at, took: performance.now() - began })
}

function chargeNow(): void {
  const one = charge().finally(() => pending.delete(one))
  pending.add(one)
}

let timer: NodeJS.Timeout | undefined

answerQuestions({
  begin() {
    timer = setInterval(chargeNow, BETWEEN)
  },
  answered: () => steady.answered(),
  async end(): Promise<Steadily> {
    clearInterval(timer)
    await Promise.all(pending)
    const answered = steady.answered()
    return { samples, failed, late: (await steady.counted()) - answered }
  },
})
