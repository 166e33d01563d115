import { added, addedBesidePeer, wholeRequest } from './lib/added.js'
import type { Effort, Figure, PartResult, Required, Skipped } from './lib/figure.js'
import { atLeast, atMost, isOurs, median } from './lib/figure.js'
import { startServer } from './lib/node-server.js'
import type { Measured } from './lib/server-rounds.js'
import { measureServers, startAll } from './lib/server-rounds.js'

const CONSTANT = 'the same fields, constant'

const ON_NODE = 'three layers on node:http'
const NODE_ALONE = 'node:http alone'
const NODE = [
  NODE_ALONE,
  'node:http, bare Map',
  `node:http, ${CONSTANT}`,
  'node:http, spillway',
  'node:http, rate-limiter-flexible',
]

const ON_EXPRESS = 'three layers on Express'
const EXPRESS_ALONE = 'Express alone'
/** One sends the fields that ours sends too, the other those that it sends as installed. */
const EXPRESS_PEERS = ['Express, express-rate-limit', 'Express, express-rate-limit as installed']
const EXPRESS = [EXPRESS_ALONE, `Express, ${CONSTANT}`, 'Express, spillway', ...EXPRESS_PEERS]

/** What a whole guard adds to a request, beside what other limiters add. */
export async function measureGuard(effort: Effort): Promise<PartResult> {
  const skipped: Skipped[] = []
  const onNode = await measured(NODE, effort, skipped)
  const onExpress = await measured(EXPRESS, effort, skipped)
  return {
    part: 'guard',
    title: 'A whole guard on a request',
    figures: [...nodeFigures(onNode), ...expressFigures(onExpress)],
    skipped,
  }
}

async function measured(names: readonly string[], effort: Effort, skipped: Skipped[]): Promise<Measured[]> {
  const starts = Object.fromEntries(names.map((name) => [name, () => startServer('guard/server', name)]))
  return measureServers(await startAll(starts, skipped), effort)
}

function nodeFigures(measured: readonly Measured[]): Figure[] {
  const alone = measured.find(({ name }) => name === NODE_ALONE)
  if (alone === undefined) return []
  const limited = measured.filter((server) => server !== alone)
  return [
    wholeRequest(ON_NODE, alone),
    ...limited.flatMap((server) =>
      isOurs(server.name)
        ? [added(ON_NODE, server, alone, atMost('measured', 4)), throughput(server, alone, atLeast('ratio', 0.9))]
        : [added(ON_NODE, server, alone), throughput(server, alone)],
    ),
  ]
}

/** Requests a second of processor time, beside those of the server alone. */
function throughput({ name, processor }: Measured, alone: Measured, required?: Required): Figure {
  return {
    load: 'requests a processor second, of the server alone',
    contestant: name,
    measured: median(processor.map((time) => 1_000_000 / time)),
    unit: 'requests',
    ratio: median(processor.map((time, round) => (alone.processor[round] as number) / time)),
    against: alone.name,
    ...(required && { required }),
  }
}

function expressFigures(measured: readonly Measured[]): Figure[] {
  const alone = measured.find(({ name }) => name === EXPRESS_ALONE)
  if (alone === undefined) return []
  const limited = measured.filter((server) => server !== alone)
  const ours = limited.find(({ name }) => isOurs(name))
  const peers = limited.filter(({ name }) => EXPRESS_PEERS.includes(name))
  return [
    wholeRequest(ON_EXPRESS, alone),
    ...limited.map((server) => added(ON_EXPRESS, server, alone)),
    ...(ours === undefined
      ? []
      : peers.map((peer) => addedBesidePeer(ON_EXPRESS, [ours, peer, alone], atMost('ratio', 0.5)))),
  ]
}
