import { startNginx } from './gateway/nginx.js'
import { startSpillway } from './gateway/spillway.js'
import type { Effort, Figure, PartResult } from './lib/figure.js'
import { atLeast, median } from './lib/figure.js'
import { startServer } from './lib/node-server.js'
import type { Measured, Server } from './lib/server-rounds.js'
import { measureServers } from './lib/server-rounds.js'

const OURS = 'spillway'
const REQUIRED: Readonly<Record<string, number>> = { 'http-proxy-3': 1.3, '@fastify/http-proxy': 2 }

const PROXIES: Readonly<Record<string, (upstream: string) => Promise<Server>>> = {
  [OURS]: startSpillway,
  'http-proxy-3': (upstream) => startServer('gateway/server', 'http-proxy-3', [upstream]),
  '@fastify/http-proxy': (upstream) => startServer('gateway/server', '@fastify/http-proxy', [upstream]),
  'nginx with limit_req': startNginx,
}

/** How many requests the gateway passes on in a second of processor time, beside proxies that limit nothing, and nginx. */
export async function measureGateway(effort: Effort): Promise<PartResult> {
  const skipped: string[] = []
  const upstream = await startServer('gateway/upstream', 'upstream')
  try {
    const servers: Server[] = []
    for (const [name, start] of Object.entries(PROXIES)) {
      try {
        servers.push(await start(`http://127.0.0.1:${upstream.port}`))
      } catch (error) {
        skipped.push(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`)
      }
    }
    const figures = figuresOf(await measureServers(servers, effort))
    return { part: 'gateway', title: 'The gateway in front of a fast upstream', figures, skipped }
  } finally {
    await upstream.stop()
  }
}

function figuresOf(measured: readonly Measured[]): Figure[] {
  const ours = measured.find(({ name }) => name === OURS)
  return measured.flatMap((proxy): Figure[] => {
    const throughput: Figure = {
      load: 'requests a processor second of the proxy',
      contestant: proxy.name,
      measured: median(proxy.processor.map((time) => 1_000_000 / time)),
      wall: median(proxy.wall.map((time) => 1_000_000 / time)),
      unit: 'requests',
    }
    return ours === undefined || proxy === ours ? [throughput] : [throughput, comparison(ours, proxy)]
  })
}

function comparison(ours: Measured, other: Measured): Figure {
  const required = REQUIRED[other.name]
  return {
    load: `of those of ${other.name}`,
    contestant: ours.name,
    measured: median(ours.processor.map((time) => 1_000_000 / time)),
    unit: 'requests',
    ratio: median(ours.processor.map((time, round) => (other.processor[round] as number) / time)),
    against: other.name,
    ...(required !== undefined && { required: atLeast(required) }),
  }
}
