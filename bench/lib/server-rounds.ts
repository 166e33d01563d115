import type { Effort, Skipped } from './figure.js'
import { openLoad, requestBytes } from './load.js'
import { processorTime } from './processor-time.js'
import { inShort } from './worker.js'

/** A server under test. */
export interface Server {
  readonly name: string
  readonly pid: number
  readonly port: number
  stop(): Promise<void>
}

/** A server and what its rounds took. */
export interface Measured {
  readonly name: string
  /** Microseconds of processor time a request, by round. */
  readonly processor: readonly number[]
  /** Microseconds on the wall a request, by round. */
  readonly wall: readonly number[]
}

/** Starts servers one after the other. One that cannot be started is put on `skipped`. */
export async function startAll(
  starts: Readonly<Record<string, () => Promise<Server>>>,
  skipped: Skipped[],
): Promise<Server[]> {
  const servers: Server[] = []
  for (const [name, start] of Object.entries(starts)) {
    try {
      servers.push(await start())
    } catch (error) {
      skipped.push({ contestant: name, why: inShort(error) })
    }
  }
  return servers
}

/** Requests in a full round. */
const REQUESTS = 20_000
/** Requests before the first round, of a quick look too: enough for the compiler to be done. */
const WARM_UP = 20_000

/** The clients that ask: known keys, on a few paths. */
export const KEYS: readonly string[] = Array.from({ length: 64 }, (_, index) => `key-of-client-${index}`)
const PATHS = ['/towns', '/towns/paris', '/users/17', '/users/18/orders']
const TRAFFIC = KEYS.flatMap((key) => PATHS.map((path) => requestBytes(path, key)))

/** Lets servers take turns under the same load, as often as wanted, and stops them. */
export async function measureServers(servers: readonly Server[], { rounds, scale }: Effort): Promise<Measured[]> {
  const requests = Math.ceil(REQUESTS * scale)
  const contestants = servers.map((server) => ({ server, processor: [] as number[], wall: [] as number[] }))
  try {
    for (const server of servers) await runRound(server, WARM_UP)
    for (let round = 0; round < rounds; round++) {
      for (const { server, processor, wall } of contestants) {
        const took = await runRound(server, requests)
        processor.push(took.processor)
        wall.push(took.wall)
      }
    }
  } finally {
    for (const { stop } of servers) await stop()
  }
  return contestants.map(({ server, processor, wall }) => ({ name: server.name, processor, wall }))
}

/** Connections are new in every round: between its turns a server may close those that are idle. */
async function runRound({ port, pid }: Server, requests: number): Promise<{ processor: number; wall: number }> {
  const load = await openLoad(port, TRAFFIC)
  try {
    const before = processorTime(pid)
    const rate = await load.run(requests)
    return { processor: (processorTime(pid) - before) / requests, wall: 1_000_000 / rate }
  } finally {
    load.close()
  }
}
