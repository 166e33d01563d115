import type { Effort, Figure, PartResult, Skipped } from './lib/figure.js'
import { atLeast, atMost, median } from './lib/figure.js'
import { startServer } from './lib/node-server.js'
import type { Measured } from './lib/server-rounds.js'
import { addedBy, measureServers, startAll } from './lib/server-rounds.js'

const ON_NODE = 'three layers on node:http'
const ON_EXPRESS = 'three layers on Express'
const CONSTANT = 'the same fields, constant'
const NODE = [
  'node:http alone',
  'node:http, bare Map',
  `node:http, ${CONSTANT}`,
  'node:http, spillway',
  'node:http, rate-limiter-flexible',
]
const EXPRESS = [
  'Express alone',
  `Express, ${CONSTANT}`,
  'Express, spillway',
  'Express, express-rate-limit',
  'Express, express-rate-limit as installed',
]

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

function nodeFigures([alone, ...limited]: readonly Measured[]): Figure[] {
  if (alone === undefined) return []
  return [
    aloneFigure(ON_NODE, alone),
    ...limited.flatMap((server): Figure[] => {
      const ours = server.name.endsWith('spillway')
      const added = addedFigure(ON_NODE, server, alone)
      const share: Figure = {
        load: 'requests a processor second, of the server alone',
        contestant: server.name,
        measured: median(server.processor.map((time) => 1_000_000 / time)),
        unit: 'requests',
        ratio: median(server.processor.map((time, round) => (alone.processor[round] as number) / time)),
        against: alone.name,
      }
      return ours
        ? [
            { ...added, required: atMost('measured', 4) },
            { ...share, required: atLeast('ratio', 0.9) },
          ]
        : [added, share]
    }),
  ]
}

function expressFigures([alone, ...limited]: readonly Measured[]): Figure[] {
  if (alone === undefined) return []
  const ours = limited.find(({ name }) => name.endsWith('spillway'))
  const figures = limited.map((server) => addedFigure(ON_EXPRESS, server, alone))
  const peers = limited.filter((server) => server !== ours && !server.name.endsWith(CONSTANT))
  const comparisons = ours === undefined ? [] : peers.map((peer) => shareOfPeer(ours, peer, alone))
  return [aloneFigure(ON_EXPRESS, alone), ...figures, ...comparisons]
}

/** What ours adds, as a share of what a peer adds. Required where the peer tells the client as much: draft fields. */
function shareOfPeer(ours: Measured, peer: Measured, alone: Measured): Figure {
  const share = median(addedBy(ours, alone)) / median(addedBy(peer, alone))
  return {
    load: `added, of what ${peer.name.replace('Express, ', '')} adds`,
    contestant: ours.name,
    measured: median(addedBy(ours, alone)),
    unit: 'µs',
    ratio: share,
    against: peer.name,
    required: atMost('ratio', 0.5),
  }
}

function aloneFigure(load: string, { name, processor, wall }: Measured): Figure {
  return {
    load,
    contestant: name,
    measured: median(processor),
    wall: median(wall),
    unit: 'µs',
    note: 'the whole request',
  }
}

function addedFigure(load: string, server: Measured, alone: Measured): Figure {
  const { name, wall } = server
  const added = median(addedBy(server, alone))
  return { load, contestant: name, measured: added, wall: median(wall), unit: 'µs', note: 'added' }
}
