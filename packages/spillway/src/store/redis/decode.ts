import type { Charge } from '../../core/charge.js'
import type { Decision, QuotaStanding } from '../../core/decision.js'
import { StoreError } from '../../core/decision.js'
import { figuresOf, joined, sizeOf } from '../../core/tightest.js'
import type { Micros } from '../../core/units.js'
import type { CallAnswer, StoreCall } from '../calls.js'
import { withBlock } from '../with-block.js'

/** Where in a reply reading has come to. */
interface Reading {
  readonly reply: readonly unknown[]
  place: number
  readonly now: Micros
}

const NO_DECISIONS: readonly Decision[] = []

/** Why one call failed alone, by what the script says. */
const FAULTS: Readonly<Record<string, string>> = {
  WRONGTYPE: 'a key of the store holds something of another type',
  VERSION: 'a key of the store holds a record of another version',
  RECORD: 'a key of the store holds what is no record',
  CLOCK: "the server's time and this process's are more than a calendar span apart",
}

/** Reads the script's reply. Throws a `StoreError` where it is none. */
export function decodeReply(calls: readonly StoreCall[], reply: unknown): readonly CallAnswer[] {
  const list = Array.isArray(reply) ? reply : fromJson(String(reply))
  if (!Array.isArray(list) || typeof list[0] !== 'number') {
    throw new StoreError('ERR_SPILLWAY_STORE_FAILED', `the script answered ${String(reply).slice(0, 60)}`)
  }
  const reading: Reading = { reply: list, place: 1, now: list[0] }
  return calls.map((call) => readAnswer(reading, call))
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readAnswer(reading: Reading, call: StoreCall): CallAnswer {
  const outcome = reading.reply[reading.place++]
  if (typeof outcome !== 'number') return faultOf(String(outcome))
  switch (call.kind) {
    case 'decide':
      return outcome === 1
        ? call.charges.map((charge) => readTaken(reading, charge))
        : // The script has started the block of a denied charge.
          call.charges.map((charge) => withBlock(readWeighed(reading, charge), charge))
    case 'peek':
      return call.charges.map((charge) => readWeighed(reading, charge))
    case 'refund':
    case 'block':
    case 'unblock':
    case 'reset':
      return NO_DECISIONS
  }
}

/** A client may give the script's words as bytes. */
function faultOf(word: string): StoreError {
  const message = FAULTS[word]
  return message === undefined
    ? new StoreError('ERR_SPILLWAY_STORE_FAILED', `the script answered a call with ${word}`)
    : new StoreError(`ERR_SPILLWAY_STORE_${word}`, message)
}

function next(reading: Reading): number {
  return reading.reply[reading.place++] as number
}

function readTaken(reading: Reading, { quotas, cost }: Charge): Decision {
  const { now } = reading
  const [bound] = quotas
  if (quotas.length === 1 && bound !== undefined) {
    // As below, without the way round by the tightest.
    const { quota } = bound
    const [remaining, resetAfter] = [next(reading), next(reading)]
    const standings = [{ quota, remaining, resetAfter, retryAfter: 0 }]
    return { kind: 'allowed', limit: sizeOf(quota), remaining, resetAfter, quotas: standings, at: now, taken: cost }
  }
  const standings: QuotaStanding[] = []
  for (const { quota } of quotas) {
    standings.push({ quota, remaining: next(reading), resetAfter: next(reading), retryAfter: 0 })
  }
  const { limit, remaining, resetAfter } = figuresOf(standings)
  const taken = quotas.length > 0 ? cost : 0
  return { kind: 'allowed', limit, remaining, resetAfter, quotas: standings, at: now, taken }
}

function readWeighed(reading: Reading, { quotas }: Charge): Decision {
  const blockLeft = next(reading)
  const standings = quotas.map(({ quota }): QuotaStanding => {
    const [wait, remaining, resetAfter] = [next(reading), next(reading), next(reading)]
    return { quota, remaining, resetAfter, retryAfter: wait < 0 ? Number.POSITIVE_INFINITY : wait }
  })
  return joined(standings, blockLeft, reading.now)
}
