import { added, addedBesidePeer, addedBy, microseconds, wholeRequest } from './lib/added.js'
import type { Effort, Figure, PartResult, Required, Skipped } from './lib/figure.js'
import { atMost, median } from './lib/figure.js'
import { startServer } from './lib/node-server.js'
import type { Measured, Server } from './lib/server-rounds.js'
import { measureServers, startAll } from './lib/server-rounds.js'

/** A framework, and its own popular limiter if it has one. */
interface Front {
  readonly name: string
  readonly peer?: string
  /** What else is measured there. */
  readonly besides?: readonly string[]
  /** The most that a limit may add: of the framework's own time, or in microseconds where it has next to none. */
  readonly most: Required
}

/** What sending the fields costs, whoever makes them: no limit that tells of itself adds less. */
const CONSTANT = 'the same fields, constant'
/** Hono calls a handler that stands alone without a promise, and any middleware ends that. */
const NOTHING = 'a middleware that does nothing'

const A_SHARE = atMost('ratio', 0.07)
const MICROSECONDS = atMost('measured', 4)
/** How often the rounds of elsewhere: what a limit adds is small beside what a machine with other work wanders by. */
const TIMES_THE_ROUNDS = 3

const FRONTS: readonly Front[] = [
  { name: 'node:http', most: MICROSECONDS },
  { name: 'Fetch', most: MICROSECONDS },
  { name: 'Express', peer: 'express-rate-limit', most: A_SHARE },
  { name: 'NestJS', peer: '@nestjs/throttler', most: A_SHARE },
  { name: 'Fastify', peer: '@fastify/rate-limit', most: A_SHARE },
  { name: 'Koa', peer: 'koa-ratelimit', most: A_SHARE },
  { name: 'Hono', peer: 'hono-rate-limiter', besides: [NOTHING], most: A_SHARE },
]

/** What a limit by address adds to a request in each framework, beside the framework's own popular limiter. */
export async function measureFronts({ rounds, scale }: Effort): Promise<PartResult> {
  const skipped: Skipped[] = []
  const figures: Figure[] = []
  for (const front of FRONTS) {
    const servers = await started(front, skipped)
    figures.push(...figuresOf(front, await measureServers(servers, { rounds: rounds * TIMES_THE_ROUNDS, scale })))
  }
  return { part: 'fronts', title: 'A limit by address in each framework', figures, skipped }
}

function started({ name, peer, besides = [] }: Front, skipped: Skipped[]): Promise<Server[]> {
  const contestants = ['alone', ...besides, CONSTANT, 'spillway', ...(peer === undefined ? [] : [peer])]
  const servers = contestants.map((contestant) => serverName(name, contestant))
  return startAll(Object.fromEntries(servers.map((each) => [each, () => startServer('fronts/server', each)])), skipped)
}

function serverName(front: string, contestant: string): string {
  return contestant === 'alone' ? `${front} alone` : `${front}, ${contestant}`
}

function figuresOf({ name, peer, besides = [], most }: Front, measured: readonly Measured[]): Figure[] {
  const of = (contestant: string) => measured.find((server) => server.name === serverName(name, contestant))
  const [alone, ours, constant, theirs] = [of('alone'), of('spillway'), of(CONSTANT), of(peer ?? '')]
  if (alone === undefined || ours === undefined) return []
  const others = [...besides.map(of), constant].filter((server) => server !== undefined)
  return [
    wholeRequest(name, alone),
    ...others.map((server) => added(name, server, alone)),
    added(name, ours, alone, most),
    ...(constant === undefined ? [] : [beyondFields(name, ours, constant, alone)]),
    ...(theirs === undefined
      ? []
      : [added(name, theirs, alone), addedBesidePeer(name, [ours, theirs, alone], atMost('ratio', 1))]),
  ]
}

/** What ours adds beyond the fields themselves, as a share of the framework's own time. */
function beyondFields(load: string, ours: Measured, constant: Measured, alone: Measured): Figure {
  const beyond = addedBy(ours, constant)
  return {
    load,
    contestant: ours.name,
    ...microseconds(beyond, addedBy(ours, constant, 'wall')),
    ratio: median(beyond.map((time, round) => time / (alone.processor[round] as number))),
    against: alone.name,
    note: 'added beyond the fields themselves',
  }
}
