/** What must and what must not compile: `spillway/client`. Read by `npm run types`, never run. */
import type { Fetch, Reading } from 'spillway/client'
import { pacedFetch, readLimits } from 'spillway/client'
import { fakeClock } from 'spillway/testing'

export const asPlatform: typeof globalThis.fetch = pacedFetch()
export const wrapped: Fetch = pacedFetch({
  fetch: globalThis.fetch,
  retries: 3,
  maxWait: '30s',
  clock: fakeClock(),
  random: () => 0.5,
})
export const answer: Promise<Response> = wrapped(new URL('http://127.0.0.1/'), { method: 'POST', body: 'a' })
export const again: Promise<Response> = wrapped(new Request('http://127.0.0.1/'))
export const readings: readonly Reading[] = readLimits(new Headers(), 0)?.readings ?? []

// @ts-expect-error the option is retries
pacedFetch({ retry: 3 })
// @ts-expect-error a number of times
pacedFetch({ retries: '3' })
// @ts-expect-error a clock that cannot wake is not enough to wait by
pacedFetch({ clock: { now: () => 0 } })
// @ts-expect-error what sends gives a response
pacedFetch({ fetch: () => 'ok' })
// @ts-expect-error there must be something to fetch
wrapped()
// @ts-expect-error an answer out of a cache tells nothing
export const always: readonly Reading[] = readLimits(new Headers(), 0).readings
// @ts-expect-error the fields of an answer, not the answer
readLimits(new Response(), 0)
// @ts-expect-error a reset that was not told is absent
export const reset = (reading: Reading): number => reading.resetAfter
