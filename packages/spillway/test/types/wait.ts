/** What must and what must not compile: `limiter.wait`. Read by `npm run types`, never run. */
import type { Allowed, Limiter, Unknown } from 'spillway'
import { createLimiter, memoryStore, WaitError } from 'spillway'
import { fakeClock } from 'spillway/testing'

const clock = fakeClock()
const limiter: Limiter = createLimiter({ quotas: '1/second', store: memoryStore({ clock }), clock })

export const plain: Promise<Allowed | Unknown> = limiter.wait('mia')
export const full = limiter.wait('mia', { cost: 2, maxWait: '3s', signal: AbortSignal.timeout(1) })
export const micros = limiter.wait('mia', { maxWait: 3_000_000 })
export const code = (error: WaitError): string => `${error.code} ${error.decision.kind}`
export const impossible = (error: WaitError): number =>
  error.decision.kind === 'impossible' ? error.decision.largestCost : error.decision.retryAfter

// @ts-expect-error whose turn it is must be said
limiter.wait()
// @ts-expect-error a partition is a text
limiter.wait(7)
// @ts-expect-error a cost is a number
limiter.wait('mia', { cost: '2' })
// @ts-expect-error the option is maxWait
limiter.wait('mia', { timeout: '3s' })
// @ts-expect-error a signal, not its controller
limiter.wait('mia', { signal: new AbortController() })
// @ts-expect-error what was waited for is not denied
export const denied: Promise<{ kind: 'denied' }> = limiter.wait('mia')
// @ts-expect-error a clock that cannot wake is not enough to wait by
createLimiter({ quotas: '1/second', clock: { now: () => 0 } })
// @ts-expect-error the failure policy is set once, at construction
limiter.onStoreFailure = 'allow'
// @ts-expect-error a WaitError has the refusal that told
export const bare = new WaitError('ERR_SPILLWAY_WAIT_TOO_LONG', 'too long')
