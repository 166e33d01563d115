/** What must and what must not compile: `expectLimit`. Read by `npm run types`, never run. */
import type { IncomingMessage } from 'node:http'
import { expectLimit } from 'spillway/testing'

declare const message: IncomingMessage
declare const injected: {
  statusCode: number
  headers: Record<string, number | string | string[] | undefined>
  body: string
}

export const done: Promise<void> = expectLimit(() => fetch('http://127.0.0.1/'), {
  allows: 5,
  thenDenies: { status: 429, retryAfter: 12 },
})
export const atOnce = expectLimit(() => new Response(), { allows: 0, thenDenies: { retryAfter: null } })
export const node = expectLimit(() => message, { allows: 1 })
export const inject = expectLimit(() => Promise.resolve(injected), { allows: 1 })

// @ts-expect-error how many are allowed must be said
expectLimit(() => message, { thenDenies: {} })
// @ts-expect-error Retry-After is in seconds
expectLimit(() => message, { allows: 1, thenDenies: { retryAfter: '12s' } })
// @ts-expect-error the key is thenDenies
expectLimit(() => message, { allows: 1, denies: {} })
// @ts-expect-error what sends, not what was answered
expectLimit(message, { allows: 1 })
// @ts-expect-error an answer has a status and headers
expectLimit(() => 'ok', { allows: 1 })
