import { StoreError } from '../core/decision.js'
import type { Clock, Micros } from '../core/units.js'
import { MILLISECOND } from '../core/units.js'
import type { CallAnswer, CallStore, OnStoreEvent } from './calls.js'
import { storeError } from './failure.js'
import { monotonicClock } from './memory/clock.js'
import { afterwards } from './timer.js'

/** How a circuit breaker is made. */
export interface CircuitBreakerOptions {
  /** Hears of each `unavailable` and `available`. */
  readonly onEvent: OnStoreEvent
  /** Measures how long the store was away. Default: the process's monotonic clock. */
  readonly clock?: Clock
}

/** A call store that is not asked while it is known to fail. */
export interface CircuitBreaker extends CallStore {
  /** Whether calls are sent. */
  available(): boolean
  /** Stops its timer: no more probes are sent. */
  close(): void
}

/** So many batches must fail in a row. */
const FAILURES_TO_OPEN = 3
const FIRST_PROBE: Micros = 50 * MILLISECOND
const LONGEST_BETWEEN_PROBES: Micros = 250 * MILLISECOND

/** Refusals of a server that can do nothing for anybody; any other refusal says something of one call. */
const SERVER_FAULT =
  /^ERR_SPILLWAY_STORE_(READONLY|OOM|LOADING|BUSY|MASTERDOWN|NOAUTH|NOPERM|CLUSTERDOWN|TRYAGAIN|MISCONF|NOREPLICAS|TIMEOUT|FAILED)$/

/** While no calls are sent. */
interface Outage {
  readonly since: Micros
  /** What every call is answered; made anew with each fault, not with each call. */
  error: StoreError
}

interface Circuit {
  readonly calls: CallStore
  readonly onEvent: OnStoreEvent
  readonly clock: Clock
  /** Failed batches in a row. */
  failures: number
  /** Absent while calls are sent. */
  outage: Outage | undefined
  /** Counts the transitions: what was sent before the last one says nothing of the time after it. */
  era: number
  stopTimer: () => void
  closed: boolean
}

/**
 * Stops asking a store that fails. After three failed batches in a row every call fails at once, with
 * `ERR_SPILLWAY_STORE_UNAVAILABLE` and the last fault as its cause, and nothing is sent but a probe: a `beat`, one at a
 * time, 50 ms after the failure, then after twice as long each time, but never more than 250 ms. Once one succeeds
 * calls are sent again. A batch failed where it rejected, or where the server refused each of its calls.
 */
export function circuitBreaker(calls: CallStore, options: CircuitBreakerOptions): CircuitBreaker {
  const { onEvent, clock = monotonicClock() } = options
  const circuit: Circuit = {
    calls,
    onEvent,
    clock,
    failures: 0,
    outage: undefined,
    era: 0,
    stopTimer: () => undefined,
    closed: false,
  }
  return {
    answer: (batch) => watch(circuit, () => calls.answer(batch), serverFault),
    beat: () => watch(circuit, calls.beat, noFault),
    available: () => circuit.outage === undefined,
    close() {
      circuit.closed = true
      circuit.stopTimer()
    },
  }
}

async function watch<T>(
  circuit: Circuit,
  send: () => Promise<T>,
  faultIn: (result: T) => StoreError | undefined,
): Promise<T> {
  if (circuit.outage !== undefined) throw circuit.outage.error
  const sentIn = circuit.era
  try {
    const result = await send()
    note(circuit, sentIn, faultIn(result))
    return result
  } catch (error) {
    const fault = storeError(error)
    note(circuit, sentIn, fault)
    throw fault
  }
}

function note(circuit: Circuit, sentIn: number, fault: StoreError | undefined): void {
  if (sentIn !== circuit.era) return
  circuit.failures = fault === undefined ? 0 : circuit.failures + 1
  if (fault !== undefined && circuit.failures === FAILURES_TO_OPEN) open(circuit, fault)
}

function open(circuit: Circuit, cause: StoreError): void {
  const outage = { since: circuit.clock.now(), error: unavailable(cause) }
  circuit.era++
  circuit.outage = outage
  probeAfter(circuit, FIRST_PROBE, outage)
  circuit.onEvent({ kind: 'unavailable', cause })
}

function probeAfter(circuit: Circuit, span: Micros, outage: Outage): void {
  if (circuit.closed) return
  circuit.stopTimer = afterwards(span, () => {
    circuit.calls.beat().then(
      () => end(circuit, outage),
      (error: unknown) => {
        outage.error = unavailable(storeError(error))
        probeAfter(circuit, Math.min(2 * span, LONGEST_BETWEEN_PROBES), outage)
      },
    )
  })
}

function end(circuit: Circuit, { since }: Outage): void {
  circuit.era++
  circuit.failures = 0
  circuit.outage = undefined
  circuit.onEvent({ kind: 'available', after: circuit.clock.now() - since })
}

function unavailable(cause: StoreError): StoreError {
  const message = `the store is not asked until a probe succeeds, as it failed: ${cause.message}`
  return new StoreError('ERR_SPILLWAY_STORE_UNAVAILABLE', message, { cause })
}

/** The fault of the server, where it refused every call of a batch. */
function serverFault(answers: readonly CallAnswer[]): StoreError | undefined {
  const [first] = answers
  return isServerFault(first) && answers.every(isServerFault) ? first : undefined
}

function isServerFault(answer: CallAnswer | undefined): answer is StoreError {
  return answer instanceof StoreError && SERVER_FAULT.test(answer.code)
}

function noFault(): undefined {
  return undefined
}
