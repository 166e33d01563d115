import type { RouteLimitOptions } from '../guard/route-limit.js'
import type { QuotaText } from '../guard/rule-functions.js'
import type { Guard, InlineGuardOptions } from '../guard.js'
import { createGuard } from '../guard.js'
import { clientIp } from '../identity/client-ip.js'
import { memoryStore } from '../store/memory/memory.js'
import type { FakeClock } from './fake-clock.js'
import { fakeClock } from './fake-clock.js'

/** What the application under test is made of. */
export interface AdapterSetup {
  /** In front of every request. */
  readonly guard: Guard
  /**
   * Where it is true, `onDenied` answers 429 with the body `denied: ` and the kind of the verdict, `onIdentityError` 401
   * with `identity: ` and the error's code. Else neither is passed.
   */
  readonly hooks: boolean
  /** What `/stream` waits for between its two chunks. */
  readonly resume: Promise<void>
}

/** A server that listens on a port of 127.0.0.1. */
export interface AdapterServer {
  readonly port: number
  close(): Promise<unknown>
}

/**
 * Starts an application of the adapter's framework, its limit in front of these routes, and 404 for every other:
 *
 * | `GET /ok` | `ok` |
 * | `GET /verdict` | the kind of the verdict, by `verdictOf` |
 * | `POST /upload` | how many bytes came |
 * | `GET /stream` | `one`, then, after `setup.resume`, `two` |
 * | `GET /throws` | nothing: the handler throws, and the framework answers 500 |
 * | `GET /hang` | nothing, ever |
 * | `GET /status/401` | nothing, with this status, whichever it is |
 * | `GET /login` | `welcome`, behind `rateLimit('2/minute', { name: 'login' })` besides |
 * | `GET /plan` | `ok`, behind `rateLimit(limit, options)` besides, with what `planLimit` gives for the framework's requests |
 * | `GET /guess` | 401, or the status that the header `x-status` says, behind `rateLimit('2/minute', guessOptions)` besides |
 *
 * An error of the guard itself must come out as 500 too.
 */
export type MakeAdapterServer = (setup: AdapterSetup) => Promise<AdapterServer>

/** The limit of `/plan`, all of whose parts depend on the request: `header` reads one by its lower-case name. */
export function planLimit<Request>(header: (request: Request, name: string) => string | undefined): {
  readonly limit: (request: Request) => Promise<QuotaText>
  readonly options: RouteLimitOptions<Request>
} {
  return {
    limit: async (request) => (header(request, 'x-plan') === 'gold' ? ['3/minute', '9/hour'] : '1/minute'),
    options: {
      name: 'plan',
      by: (request) => header(request, 'x-user'),
      cost: async (request) => Number(header(request, 'x-cost') ?? 1),
      exempt: (request) => header(request, 'x-exempt') === 'yes',
    },
  }
}

/** The options of `/guess`: only a guess that is wrong counts. */
export const guessOptions = { name: 'guess', charge: { when: 'response', on: [401] } } as const

/** Every request is under these quotas, by address. */
export const all = (quotas: string) => ({ rules: [{ name: 'all', path: '/**', quotas }], identity: [clientIp()] })

/** What the promises of an adapter are tried with. */
export interface AdapterScene {
  readonly clock: FakeClock
  /** Runs `use` against a server of the adapter's, and ends it. */
  serving(
    policy: Guard | Omit<InlineGuardOptions, 'store'>,
    use: (port: number, resume: () => void) => Promise<void>,
    hooks?: boolean,
  ): Promise<void>
}

/** A scene with servers of one adapter, on a clock of its own. */
export function adapterScene(makeServer: MakeAdapterServer): AdapterScene {
  const clock = fakeClock()
  return {
    clock,
    async serving(policy, use, hooks = false) {
      const guard = 'decide' in policy ? policy : createGuard({ ...policy, store: memoryStore({ clock }) })
      const { promise, resolve } = withResolvers()
      const server = await makeServer({ guard, hooks, resume: promise })
      try {
        await use(server.port, resolve)
      } finally {
        await server.close()
      }
    },
  }
}

/** A promise that is fulfilled from outside. */
export function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let fulfilled: (() => void) | undefined
  const promise = new Promise<void>((resolve) => {
    fulfilled = resolve
  })
  return { promise, resolve: () => fulfilled?.() }
}
