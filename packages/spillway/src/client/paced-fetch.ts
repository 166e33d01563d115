import { spanOf } from '../core/duration.js'
import { onlyOptions } from '../core/options.js'
import type { AlarmClock, Micros } from '../core/units.js'
import { SECOND } from '../core/units.js'
import { systemAlarmClock } from '../store/alarm-clock.js'
import type { Booking, Pace } from './pace.js'
import { book, cancel, finish, hold, note, paceOf } from './pace.js'
import { readLimits } from './read-limits.js'
import type { Told } from './reading.js'
import { hasLastingBody, isRequest, mayComeAgain } from './resend.js'
import { sleep } from './sleep.js'

/** `fetch`, as far as it is needed here. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** How requests are paced. */
export interface PacedFetchOptions {
  /** What sends them. Default: the platform's `fetch`. */
  readonly fetch?: Fetch
  /** How often a refused request is sent again: a whole number from 0. Default 2. */
  readonly retries?: number
  /** The longest that a request waits before it is sent: `'30s'`, or microseconds. Default one minute. */
  readonly maxWait?: string | Micros
  /** What it waits by. Default: the system's. For tests: `fakeClock()`. */
  readonly clock?: AlarmClock
  /** A number from 0 to 1, below 1, for the jitter. Default `Math.random`. */
  readonly random?: () => number
}

/** A wait grows at random by at most this share of itself, and no more than the span. */
const JITTER_SHARE = 0.25
const MOST_JITTER: Micros = 5 * SECOND

interface Setup {
  readonly send: Fetch
  readonly retries: number
  readonly maxWait: Micros
  readonly clock: AlarmClock
  readonly random: () => number
}

/** A request, as far as its pace depends on it. */
interface PacedRequest {
  /** Of all origins: an answer behind a redirect tells of another one's limits. */
  readonly paces: Map<string, Pace>
  readonly pace: Pace
  readonly method: string
  /** `GET /towns` */
  readonly route: string
  readonly signal: AbortSignal | undefined
  /** Whether it can be sent again: its body is none, or still there. */
  readonly resendable: boolean
}

/**
 * A `fetch` that keeps to what servers say of their limits. It spreads requests when little is left, waits when nothing
 * is, and sends what was refused again when the server says: after `Retry-After`, else after the reset of what is used
 * up. Only on 429, and on 503 with `Retry-After` for a method that may be repeated; never a body that is a stream. Where
 * a wait would be longer than `maxWait` nothing is waited for: the request goes at once, or the refusal is what it
 * resolves with. Rejects as `fetch` does. Throws a `RangeError` for options out of range, a `QuotaSyntaxError` for a
 * `maxWait` that cannot be read, a `TypeError` for an option that there is none of.
 */
export function pacedFetch(options: PacedFetchOptions = {}): Fetch {
  const setup = setupOf(options)
  const paces = new Map<string, Pace>()
  return (input, init) => {
    const url = urlOf(input)
    // What cannot be read as a URL is for fetch to refuse.
    return url === undefined
      ? setup.send(input, init)
      : sendPaced(setup, pacedRequest(paces, url, input, init), input, init)
  }
}

function setupOf(options: PacedFetchOptions): Setup {
  onlyOptions('pacedFetch', options, ['fetch', 'retries', 'maxWait', 'clock', 'random'])
  const { fetch, retries = 2, maxWait = '1m', clock = systemAlarmClock(), random = Math.random } = options
  const longest = spanOf(maxWait)
  if (!Number.isSafeInteger(retries) || retries < 0)
    throw new RangeError(`retries must be a whole number from 0, not ${retries}`)
  if (!Number.isSafeInteger(longest) || longest < 0)
    throw new RangeError(`maxWait must be whole microseconds from 0, not ${maxWait}`)
  const send = fetch ?? ((input, init) => globalThis.fetch(input, init))
  return { send, retries, maxWait: longest, clock, random }
}

/** In a page a URL may be relative to it. */
function urlOf(input: string | URL | Request): URL | undefined {
  const { location } = globalThis as { readonly location?: { readonly href: string } }
  const text = isRequest(input) ? input.url : String(input)
  return URL.canParse(text, location?.href) ? new URL(text, location?.href) : undefined
}

function pacedRequest(
  paces: Map<string, Pace>,
  { origin, pathname }: URL,
  input: string | URL | Request,
  init: RequestInit | undefined,
): PacedRequest {
  const request = isRequest(input) ? input : undefined
  const method = String(init?.method ?? request?.method ?? 'GET').toUpperCase()
  // As fetch has it: null takes the signal of a Request away.
  const signal = (init?.signal === undefined ? request?.signal : init.signal) ?? undefined
  return {
    paces,
    pace: paceOf(paces, origin),
    method,
    route: `${method} ${pathname}`,
    signal,
    resendable: hasLastingBody(input, init),
  }
}

async function sendPaced(setup: Setup, paced: PacedRequest, ...request: Parameters<Fetch>): Promise<Response> {
  let booking = bookNow(setup, paced)
  for (let retries = 0; ; retries++) {
    const response = await sendBooked(setup, paced, booking, ...request)
    const comesAgain = noteAnswer(setup, paced, response) && mayComeAgain(response.status, paced.method)
    if (!comesAgain || !paced.resendable || retries === setup.retries) return response

    booking = bookNow(setup, paced)
    if (booking === undefined) return response
    // Of a body that breaks off nothing is wanted either.
    await response.body?.cancel().catch(() => undefined)
  }
}

/** Notes what an answer says. Returns whether it asks to come again later. */
function noteAnswer({ clock }: Setup, paced: PacedRequest, response: Response): boolean {
  const { status, headers } = response
  const now = clock.now()
  const told = readLimits(headers, now)
  if (told === undefined) return false

  const refusedFor = waitAsked(status, told)
  // What fails knows nothing of limits, unless it says so.
  if (status < 500 || refusedFor !== undefined) {
    const { pace, route } = answererOf(paced, response)
    note(pace, route, told, refusedFor, now)
    if (pace !== paced.pace) hold(paced.pace, paced.route, refusedFor, now)
  }
  return refusedFor !== undefined
}

/** Whose limits an answer tells of: behind a redirect to another origin those of that one. */
function answererOf(paced: PacedRequest, { redirected, url }: Response): Pick<PacedRequest, 'pace' | 'route'> {
  if (!redirected || !URL.canParse(url)) return paced
  const { origin, pathname } = new URL(url)
  const pace = paceOf(paced.paces, origin)
  return pace === paced.pace ? paced : { pace, route: `${paced.method} ${pathname}` }
}

function bookNow({ clock, maxWait }: Setup, { pace, route }: PacedRequest): Booking | undefined {
  const now = clock.now()
  return book(pace, route, now, now + maxWait)
}

/** Sends a request in its turn; at once where it has none. */
async function sendBooked(
  setup: Setup,
  paced: PacedRequest,
  booking: Booking | undefined,
  ...request: Parameters<Fetch>
): Promise<Response> {
  if (booking !== undefined) await waitForTurn(setup, paced, booking)
  try {
    return await setup.send(...request)
  } finally {
    finish(booking)
  }
}

/** Waits for a turn. Who gives up before it came has not used it. */
async function waitForTurn(setup: Setup, { signal }: PacedRequest, booking: Booking): Promise<void> {
  const wait = booking.turn - setup.clock.now()
  try {
    if (wait > 0) await sleep(setup.clock, withJitter(setup, wait), signal)
  } catch (error) {
    cancel(booking)
    throw error
  }
}

function withJitter({ random, maxWait }: Setup, wait: Micros): Micros {
  const jitter = Math.min(wait * JITTER_SHARE, MOST_JITTER) * random()
  return Math.max(wait, Math.min(Math.ceil(wait + jitter), maxWait))
}

/** How long a refusal asks to wait; absent where nothing was refused, or where waiting would not help. */
function waitAsked(status: number, { readings, retryAfter }: Told): Micros | undefined {
  if (status === 503) return retryAfter
  if (status !== 429) return undefined
  if (retryAfter !== undefined) return retryAfter
  const resets = readings.flatMap(({ remaining, resetAfter = 0 }) => (remaining === 0 ? [resetAfter] : []))
  const longest = Math.max(0, ...resets)
  return longest === 0 ? undefined : longest
}
