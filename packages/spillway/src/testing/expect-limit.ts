import { onlyOptions } from '../core/options.js'

/**
 * An answer of an application under test: a `Response`, a message of `node:http`, what `inject` of Fastify or a call of
 * supertest gives.
 */
export type LimitAnswer = WebAnswer | NodeAnswer

interface WebAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly body?: unknown
}

interface NodeAnswer {
  readonly statusCode?: number | undefined
  readonly headers: Readonly<Record<string, number | string | readonly string[] | undefined>>
  resume?(): unknown
}

/** What a limit is expected to do with requests that are sent one after the other. */
export interface ExpectedLimit {
  /** How many are answered by the application, with any status that is neither 429 nor of a fault (500 and above). */
  readonly allows: number
  /** How the one after them is refused. Absent: none is sent. */
  readonly thenDenies?: ExpectedRefusal
}

/** How a request is refused. */
export interface ExpectedRefusal {
  /** Default 429. */
  readonly status?: number
  /** `Retry-After`, in whole seconds; `null` where there is to be none. Absent: whatever it says. */
  readonly retryAfter?: number | null
}

/**
 * Sends requests one after the other and holds the answers to the sentence: allows 5, then denies with Retry-After 12.
 *
 * ```ts
 * await expectLimit(() => fetch(url), { allows: 5, thenDenies: { retryAfter: 12 } })
 * ```
 *
 * Rejects with an `Error` that says which request was answered otherwise and how; needs no test framework. Bodies are not
 * read. Rejects with a `RangeError` where `allows` is no whole number from 0, with a `TypeError` for a key that there is
 * none of, and for an answer without a status.
 */
export async function expectLimit(
  send: () => LimitAnswer | PromiseLike<LimitAnswer>,
  expected: ExpectedLimit,
): Promise<void> {
  // A misspelt expectation would hold whatever is answered.
  onlyOptions('expectLimit', expected, ['allows', 'thenDenies'])
  const { allows, thenDenies } = expected
  if (thenDenies !== undefined) onlyOptions('expectLimit: thenDenies', thenDenies, ['status', 'retryAfter'])
  if (!Number.isSafeInteger(allows) || allows < 0)
    throw new RangeError(`allows must be a whole number from 0, not ${allows}`)
  if (allows === 0 && thenDenies === undefined)
    throw new RangeError('nothing is expected: allows is 0, and nothing is denied')

  for (let number = 1; number <= allows; number++) {
    const answer = await answerOf(send)
    if (answer.status === 429 || answer.status >= 500) {
      throw new Error(`expected ${allows} requests to be allowed, but request ${number} was answered ${told(answer)}`)
    }
  }
  if (thenDenies !== undefined) checkRefusal(await answerOf(send), allows + 1, thenDenies)
}

interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
}

function checkRefusal(answer: Answer, number: number, { status = 429, retryAfter }: ExpectedRefusal): void {
  if (answer.status !== status) {
    throw new Error(`expected request ${number} to be refused with ${status}, but it was answered ${told(answer)}`)
  }
  if (retryAfter === undefined || (answer.retryAfter ?? null) === (retryAfter === null ? null : String(retryAfter)))
    return
  const expected = retryAfter === null ? 'without Retry-After' : `with Retry-After: ${retryAfter}`
  throw new Error(`expected request ${number} to be refused ${expected}, but it was answered ${told(answer)}`)
}

function told({ status, retryAfter }: Answer): string {
  return retryAfter === undefined ? `${status} without Retry-After` : `${status} with Retry-After: ${retryAfter}`
}

async function answerOf(send: () => LimitAnswer | PromiseLike<LimitAnswer>): Promise<Answer> {
  const answer: LimitAnswer = await send()
  if (isWeb(answer)) {
    const retryAfter = answer.headers.get('retry-after') ?? undefined
    // One that was read, or is being read, is not in the way.
    if (answer.body instanceof ReadableStream && !answer.body.locked) await answer.body.cancel()
    return { status: statusOf(answer), retryAfter }
  }
  const status = statusOf(answer)
  // A body that nobody reads would keep its connection busy.
  answer.resume?.()
  return { status, retryAfter: answer.headers['retry-after']?.toString() }
}

/** What has no status would pass for an answer that is no refusal. */
function statusOf(answer: { readonly status?: unknown; readonly statusCode?: unknown }): number {
  const status = answer.status ?? answer.statusCode
  if (typeof status === 'number' && Number.isInteger(status)) return status
  throw new TypeError(NO_ANSWER)
}

const NO_ANSWER = 'send must give an answer with a status and headers: a Response, or a message of node:http'

function isWeb(answer: LimitAnswer): answer is WebAnswer {
  if (typeof answer?.headers !== 'object' || answer.headers === null) throw new TypeError(NO_ANSWER)
  return 'get' in answer.headers && typeof answer.headers.get === 'function'
}
