import { startNginx } from './gateway/nginx.js'
import { startSpillway } from './gateway/spillway.js'
import type { Effort, Figure, PartResult, Skipped } from './lib/figure.js'
import { atLeast, median } from './lib/figure.js'
import { startServer } from './lib/node-server.js'
import type { Measured, Server } from './lib/server-rounds.js'
import { measureServers, startAll } from './lib/server-rounds.js'

const OURS = 'spillway'
/** The two libraries that the gateway stands on, and nothing else: as fast as a gateway on them could be. */
const LEAST = 'node:http and undici'
const NGINX = 'nginx with limit_req'
/** Proxy libraries, of a process of the bench each. */
const LIBRARIES = ['http-proxy-3', '@fastify/http-proxy', LEAST]
const REQUIRED: Readonly<Record<string, number>> = { 'http-proxy-3': 1.3, '@fastify/http-proxy': 2 }

function proxiesOf(upstream: string): Readonly<Record<string, () => Promise<Server>>> {
  const library = (name: string) => [name, () => startServer('gateway/server', name, [upstream])] as const
  return {
    [OURS]: () => startSpillway(OURS, upstream),
    ...Object.fromEntries(LIBRARIES.map(library)),
    [NGINX]: () => startNginx(NGINX, upstream),
  }
}

/** How many requests the gateway passes on in a second of processor time, beside proxies that limit nothing, and nginx. */
export async function measureGateway(effort: Effort): Promise<PartResult> {
  const skipped: Skipped[] = []
  const upstream = await startServer('gateway/upstream', 'upstream')
  try {
    const servers = await startAll(proxiesOf(`http://127.0.0.1:${upstream.port}`), skipped)
    const figures = figuresOf(await measureServers(servers, effort))
    return { part: 'gateway', title: 'The gateway in front of a fast upstream', figures, skipped }
  } finally {
    await upstream.stop()
  }
}

function figuresOf(measured: readonly Measured[]): Figure[] {
  const ours = measured.find(({ name }) => name === OURS)
  const least = measured.find(({ name }) => name === LEAST)
  return measured.flatMap((proxy): Figure[] => {
    const throughput: Figure = {
      load: 'requests a processor second of the proxy',
      contestant: proxy.name,
      measured: median(proxy.processor.map((time) => 1_000_000 / time)),
      wall: median(proxy.wall.map((time) => 1_000_000 / time)),
      unit: 'requests',
    }
    if (proxy === ours) return [throughput]
    const compared = [ours, least].flatMap((each) => (each === undefined || each === proxy ? [] : [each]))
    return [throughput, ...compared.map((each) => comparison(each, proxy))]
  })
}

function comparison(proxy: Measured, other: Measured): Figure {
  const required = proxy.name === OURS ? REQUIRED[other.name] : undefined
  return {
    load: `of those of ${other.name}`,
    contestant: proxy.name,
    measured: median(proxy.processor.map((time) => 1_000_000 / time)),
    unit: 'requests',
    ratio: median(proxy.processor.map((time, round) => (other.processor[round] as number) / time)),
    against: other.name,
    ...(required !== undefined && { required: atLeast('ratio', required) }),
  }
}
