import { expect, it } from 'vitest'
import { redisServer } from '../../../../test/support/redis-server.js'
import { createLimiter } from '../../src/limiter.js'
import { inUse } from '../in-use.js'
import { CONNECTIONS } from './connections.js'
import { opened } from './opened.js'
import { print } from './print.js'
import { askUntilDecided, passed, untilDecided } from './store-waits.js'

/** How long the server is away: set it to 60 for the long run. */
const SECONDS = Number(process.env.SPILLWAY_OUTAGE_SECONDS ?? 3)
const MEGABYTE = 1_048_576

it.each([
  ['ioredis', 'hangs'],
  ['ioredis', 'is gone'],
  ['node-redis', 'hangs'],
  ['node-redis', 'is gone'],
] as const)(
  'the memory of a process with %s stays flat while the server %s',
  async (client, outage) => {
    const server = await redisServer()
    const { store } = opened(await CONNECTIONS[client]!(server.port))
    const limiter = createLimiter({ name: 'towns', quotas: '1000/minute; 100000/day', store })
    await askUntilDecided(store, () => limiter.charge('0'))
    let charged = 0
    const load = setInterval(() => {
      for (let now = 0; now < 20; now++) void limiter.charge(String(charged++ % 500))
    }, 5)

    try {
      if (outage === 'hangs') server.pause()
      else await server.kill()
      await passed(SECONDS * 250)
      const before = inUse()
      await passed(SECONDS * 750)
      const grown = inUse() - before
      if (outage === 'hangs') server.resume()
      else await server.restart()
      const recovered = await untilDecided(store)

      print(
        `${client}, a server that ${outage} for ${SECONDS} s: ${charged} charges, memory ${(grown / MEGABYTE).toFixed(2)} MB ` +
          `more after the last three quarters, recovered after ${recovered} ms`,
      )
      expect(grown).toBeLessThan(2 * MEGABYTE)
      expect(recovered).toBeLessThanOrEqual(1_000)
    } finally {
      clearInterval(load)
    }
  },
  (SECONDS + 30) * 1_000,
)
