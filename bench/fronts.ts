import type { Effort, Figure, PartResult } from './lib/figure.js'
import { atMost, median } from './lib/figure.js'
import { startServer } from './lib/node-server.js'
import type { Measured, Server } from './lib/server-rounds.js'
import { measureServers } from './lib/server-rounds.js'

/** A framework, and its own popular limiter if it has one. */
interface Front {
  readonly name: string
  readonly peer?: string
  /** The most that a limit may add: of the framework's own time, or in microseconds where it has next to none. */
  readonly most: Pick<Figure, 'required'>
}

const A_SHARE = { required: atMost(0.07, 'ratio') }
const MICROSECONDS = { required: atMost(4) }
/** What a limit adds is small beside what a machine with other work wanders by: more rounds than elsewhere. */
const ROUNDS = 3

const FRONTS: readonly Front[] = [
  { name: 'node:http', most: MICROSECONDS },
  { name: 'Fetch', most: MICROSECONDS },
  { name: 'Express', peer: 'express-rate-limit', most: A_SHARE },
  { name: 'Fastify', peer: '@fastify/rate-limit', most: A_SHARE },
  { name: 'Koa', peer: 'koa-ratelimit', most: A_SHARE },
  { name: 'Hono', peer: 'hono-rate-limiter', most: A_SHARE },
]

/** What a limit by address adds to a request in each framework, beside the framework's own popular limiter. */
export async function measureFronts({ rounds, scale }: Effort): Promise<PartResult> {
  const skipped: string[] = []
  const figures: Figure[] = []
  for (const front of FRONTS) {
    const servers = await started(front, skipped)
    figures.push(...figuresOf(front, await measureServers(servers, { rounds: rounds * ROUNDS, scale })))
  }
  return { part: 'fronts', title: 'A limit by address in each framework', figures, skipped }
}

async function started({ name, peer }: Front, skipped: string[]): Promise<Server[]> {
  const servers: Server[] = []
  const others = peer === undefined ? [] : [`${name}, ${peer}`, `${name}, the same fields, constant`]
  for (const server of [`${name} alone`, `${name}, spillway`, ...others]) {
    try {
      servers.push(await startServer('fronts/server', server))
    } catch (error) {
      skipped.push(`${server}: ${error instanceof Error ? error.message.split('\n')[0] : error}`)
    }
  }
  return servers
}

function figuresOf({ name, most }: Front, measured: readonly Measured[]): Figure[] {
  const [alone, ours, peer, constant] = measured
  if (alone === undefined || ours === undefined) return []
  return [
    figure(name, alone, median(alone.processor), { note: 'the whole request' }),
    ...(constant === undefined ? [] : [added(name, constant, alone, {})]),
    added(name, ours, alone, most),
    ...(peer === undefined ? [] : [added(name, peer, alone, {}), besidePeer(name, ours, peer, alone)]),
  ]
}

function added(load: string, server: Measured, alone: Measured, required: Pick<Figure, 'required'>): Figure {
  const shares = addedBy(server, alone).map((time, round) => time / (alone.processor[round] as number))
  const beside = { ratio: median(shares), against: alone.name, note: 'added' }
  return figure(load, server, median(addedBy(server, alone)), { ...beside, ...required })
}

/** What ours adds, as a share of what the peer adds. */
function besidePeer(load: string, ours: Measured, peer: Measured, alone: Measured): Figure {
  const own = median(addedBy(ours, alone))
  const ratio = own / median(addedBy(peer, alone))
  const required = atMost(1, 'ratio')
  return figure(load, ours, own, { ratio, against: peer.name, required, note: `of what ${peer.name} adds` })
}

function figure(load: string, { name, wall }: Measured, measured: number, more: Partial<Figure>): Figure {
  return { load, contestant: name, measured, wall: median(wall), unit: 'µs', ...more }
}

/** Microseconds of processor time that a limiter adds to a request, by round. */
function addedBy(server: Measured, alone: Measured): number[] {
  return server.processor.map((time, round) => time - (alone.processor[round] as number))
}
