import { Agent, createServer, request } from 'node:http'
import { rateLimit } from '../../src/adapters/node.js'
import { createGuard } from '../../src/guard.js'
import type { RuleInput } from '../../src/policy/policy-input.js'
import type { Store } from '../../src/store/store.js'
import { listening } from '../listening.js'
import { atTheEnd } from './connections.js'

/** One answered request. */
export interface Sample {
  /** When it was sent, in milliseconds of `performance.now()`. */
  readonly at: number
  /** How many milliseconds its answer took. */
  readonly took: number
  readonly status: number
}

/** A `node:http` server behind a guard, asked over real connections. */
export interface Service {
  /** One request by mia. */
  ask(): Promise<Sample>
  /** Asks in time, whether answers come or not, until it is stopped. */
  load(perSecond: number): Load
}

export interface Load {
  /** Resolves with all samples once all are answered. */
  stop(): Promise<{
    readonly limited: readonly Sample[]
    /** As many requests, at the same times, that fall under no rule: what the machine itself made them wait. */
    readonly free: readonly Sample[]
  }>
}

/** Starts a service of which one path falls under a rule; it answers 200 where the guard lets it. */
export async function service(store: Store, rule: Omit<RuleInput, 'name' | 'path'>): Promise<Service> {
  const mia = { kind: 'user', user: 'mia', group: 'default' } as const
  const limit = rateLimit(
    createGuard({ rules: [{ name: 'all', path: '/limited', ...rule }], identity: [() => mia], store }),
  )
  const server = createServer((incoming, response) =>
    limit(incoming, response, (error) => response.writeHead(error === undefined ? 200 : 500).end()),
  )
  const { port, close } = await listening(server)
  const agent = new Agent({ keepAlive: true })
  const timers: NodeJS.Timeout[] = []
  atTheEnd(async () => {
    // A test that fails leaves its load running: what is on its way then breaks off, and is nobody's fault.
    for (const timer of timers) clearInterval(timer)
    agent.destroy()
    await close()
  })

  function ask(path = '/limited'): Promise<Sample> {
    const at = performance.now()
    return new Promise((resolve, reject) => {
      const sent = request({ port, host: '127.0.0.1', agent, path }, (answer) => {
        const took = performance.now() - at
        answer.resume().once('end', () => resolve({ at, took, status: answer.statusCode ?? 0 }))
      })
      sent.once('error', reject).end()
    })
  }

  return {
    ask,
    load(perSecond) {
      const limited: Promise<Sample>[] = []
      const free: Promise<Sample>[] = []
      const began = performance.now()
      const timer = setInterval(() => {
        const due = ((performance.now() - began) / 1_000) * perSecond
        while (limited.length < due) {
          limited.push(handled(ask()))
          free.push(handled(ask('/free')))
        }
      }, 2)
      timers.push(timer)
      return {
        async stop() {
          clearInterval(timer)
          return { limited: await Promise.all(limited), free: await Promise.all(free) }
        },
      }
    },
  }
}

/** A promise whose rejection is looked at later, or never. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

/** The value that so large a share of the samples' latencies does not exceed. */
export function percentile(samples: readonly Sample[], share: number): number {
  const sorted = samples.map(({ took }) => took).sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** How many of the samples have each status. */
export function statuses(samples: readonly Sample[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {}
  for (const { status } of samples) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
