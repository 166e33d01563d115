import type { Charge, Refund } from '../core/charge.js'
import type { Decision, StoreError } from '../core/decision.js'
import type { Clock, Micros, Units } from '../core/units.js'
import { SECOND, YEAR } from '../core/units.js'
import type { OnStoreEvent } from './calls.js'
import { storeError } from './failure.js'
import type { LastKnown } from './last-known.js'
import { createLastKnown, noteDecision } from './last-known.js'
import type { LocalStore } from './local-store.js'
import { localStore } from './local-store.js'
import type { StoreTime } from './memory/clock.js'
import { readTime, storeTime } from './memory/clock.js'

/** How a process decides alone, and what it needs to know for that. */
export interface Alone {
  readonly clock: Clock
  readonly replicas: () => Units
  readonly onEvent: OnStoreEvent | undefined
  readonly known: LastKnown
  readonly time: StoreTime
  /** There from the first decision that was made alone until the last of them no longer counts. */
  local: LocalStore | undefined
  /** Until then something counts that was decided alone. */
  localUntil: Micros
  /** Whether the last that was heard of the store is that it fails. */
  isAlone: boolean
  /** When the last decision was made alone. */
  lastAlone: Micros
  /** Decisions that were made alone. */
  readonly made: WeakSet<Decision>
}

/** The store answers again only when for so long no decision was made alone: part of a cluster may be away. */
const SETTLED: Micros = SECOND

/** A process that has not decided alone yet. */
export function createAlone(options: {
  readonly clock: Clock
  readonly replicas: () => Units
  readonly maxPartitions: number
  readonly onEvent?: OnStoreEvent
}): Alone {
  const { clock, replicas, maxPartitions, onEvent } = options
  return {
    clock,
    replicas,
    onEvent,
    known: createLastKnown(maxPartitions),
    time: storeTime(clock),
    local: undefined,
    localUntil: 0,
    isAlone: false,
    lastAlone: 0,
    made: new WeakSet(),
  }
}

/** Notes what the store answered, and that it did. */
export function noteAnswers(alone: Alone, charges: readonly Charge[], decisions: readonly Decision[]): void {
  const now = readTime(alone.time)
  for (let i = 0; i < charges.length; i++) {
    const decision = decisions[i]
    if (decision !== undefined) noteDecision(alone.known, charges[i] as Charge, decision, now)
  }
  settle(alone, now)
}

/** Notes what the store answered to a single charge. */
export function noteAnswer(alone: Alone, charge: Charge, decision: Decision): void {
  const now = readTime(alone.time)
  noteDecision(alone.known, charge, decision, now)
  settle(alone, now)
}

/** Notes that the store answers, though nobody has asked it for a decision. */
export function noteAlive(alone: Alone): void {
  settle(alone, readTime(alone.time))
}

/** The store has answered: it decides again once it is trusted, and what was decided alone goes when it counts no longer. */
function settle(alone: Alone, now: Micros): void {
  if (alone.isAlone && now - alone.lastAlone >= SETTLED) {
    alone.isAlone = false
    alone.onEvent?.({ kind: 'recovered' })
  }
  if (now >= alone.localUntil) alone.local = undefined
}

/** Decides in this process, as the store gave an error. */
export function decideAlone(alone: Alone, charges: readonly Charge[], error: unknown): readonly Decision[] {
  const now = readTime(alone.time)
  alone.lastAlone = now
  if (!alone.isAlone) begin(alone, storeError(error))
  const decisions = localFor(alone, charges, now).decide(charges, alone.known, now)
  for (const decision of decisions) alone.made.add(decision)
  return decisions
}

/** What this process would decide. */
export function peekAlone(alone: Alone, charges: readonly Charge[]): readonly Decision[] {
  const now = readTime(alone.time)
  return localFor(alone, charges, now).peek(charges, alone.known, now)
}

/** Gives back what was taken in this process, and tells whether it was: then no store knows of it. */
export function refundAlone({ made, local }: Alone, refund: Refund): boolean {
  if (refund.decision === undefined || !made.has(refund.decision)) return false
  local?.refund(refund)
  return true
}

/** With other replicas than the last time the shares are others too: what was counted in the old ones says nothing. */
function begin(alone: Alone, cause: StoreError): void {
  const replicas = alone.replicas()
  if (alone.local?.replicas !== replicas) alone.local = undefined
  alone.isAlone = true
  alone.onEvent?.({ kind: 'local', replicas, cause })
}

function localFor(alone: Alone, charges: readonly Charge[], now: Micros): LocalStore {
  for (const charge of charges) alone.localUntil = Math.max(alone.localUntil, now + countsFor(charge))
  alone.local ??= localStore(alone.clock, alone.replicas())
  return alone.local
}

/** How long a charge may count, or block. */
function countsFor({ zone, block }: Charge): Micros {
  const spans = zone.counters.map((quota) => {
    // The longest calendar span is a year, of 366 days now and then.
    if ('every' in quota) return 2 * YEAR
    return quota.algorithm === 'token-bucket' ? Math.ceil((quota.burst / quota.limit) * quota.window) : quota.window
  })
  return Math.max(block?.for ?? 0, ...spans)
}
