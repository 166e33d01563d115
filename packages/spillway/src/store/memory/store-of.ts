import type { Charge, Refund, Zone } from '../../core/charge.js'
import type { Decision } from '../../core/decision.js'
import { onlyOptions } from '../../core/options.js'
import { undoOf } from '../../core/undo.js'
import type { Clock, Micros, Units } from '../../core/units.js'
import { noteNeverFails } from '../never-fails.js'
import type { Store } from '../store.js'
import { noteCharger } from '../store.js'
import { monotonicClock, readTime } from './clock.js'
import type { MakeCounter } from './counter.js'
import type { Memory } from './decide.js'
import {
  aheadOf,
  bindingOf,
  blockUntil,
  chargerIn,
  createMemory,
  decideAll,
  decideSingle,
  describe,
  startCall,
} from './decide.js'
import { BLOCKED_UNTIL } from './layout.js'
import { noteMemory } from './memory-of.js'
import { createCursor, locate, sweepNext } from './pool.js'

/** How the memory store is made. */
export interface MemoryStoreOptions {
  /** Default: the process's monotonic clock, set by the system's clock once, at start. */
  readonly clock?: Clock
  /** The most partitions that have a record of their own. Default 1,000,000. */
  readonly maxPartitions?: number
  /** The most memory for all records. Default 512 MiB. */
  readonly maxBytes?: number
  /** Called once each time that the store becomes full, after the charge that made it so, and newcomers begin to share overflow partitions. */
  readonly onFull?: (stats: MemoryStats) => void
}

/** What a memory store holds. */
export interface MemoryStats {
  /** Partitions with a record; some may say nothing any more and be dropped soon. */
  readonly partitions: number
  readonly bytes: number
  /** Charges, since the start, that were taken from an overflow partition. */
  readonly overflowed: number
}

/** A store in this process: its methods answer at once, never with a promise. */
export interface MemoryStore extends Store {
  decide(charges: readonly Charge[]): readonly Decision[]
  peek(charges: readonly Charge[]): readonly Decision[]
  refund(refunds: readonly Refund[]): void
  block(zone: Zone, partition: string, span: Micros): void
  unblock(zone: Zone, partition: string): void
  reset(zone: Zone, partition: string): void
  stats(): MemoryStats
  /** Drops some of what has expired; charges do so too, a little each. For a timer, in a process that may fall idle. */
  sweep(): void
}

const OPTIONS = [
  'clock',
  'maxPartitions',
  'maxBytes',
  'onFull',
] as const satisfies readonly (keyof MemoryStoreOptions)[]

const MILLION = 1_000_000
const MEBIBYTE = 1024 * 1024

/**
 * A memory store with counters of its own choice. Throws a `RangeError` where a bound is not a whole number above zero, a
 * `TypeError` for an option that there is none of.
 */
export function storeOf(makeCounter: MakeCounter, options: MemoryStoreOptions = {}): MemoryStore {
  onlyOptions('memoryStore', options, OPTIONS)
  const { clock = monotonicClock(), maxPartitions = MILLION, maxBytes = 512 * MEBIBYTE } = options
  checkBound('maxPartitions', maxPartitions)
  checkBound('maxBytes', maxBytes)
  const onFull = () => queueMicrotask(() => options.onFull?.(stats()))
  const memory = createMemory(clock, makeCounter, { maxPartitions, maxBytes, onFull })
  const stats = (): MemoryStats => {
    const { partitions, budget, overflowed } = memory.pool
    return { partitions, bytes: budget.used, overflowed }
  }

  const store: MemoryStore = {
    decide(charges) {
      return charges.length === 1
        ? [decideSingle(memory, charges[0] as Charge)]
        : decideAll(memory, charges, startCall(memory))
    },
    peek(charges) {
      const now = startCall(memory)
      return charges.map((charge, i) => describe(memory, charge, aheadOf(charges, i), now))
    },
    refund(refunds) {
      const now = startCall(memory)
      for (const refund of refunds) giveBack(memory, refund, now)
    },
    block(zone, partition, span) {
      const now = startCall(memory)
      blockUntil(memory, zone.everywhere ?? zone, partition, now + span, now)
    },
    unblock(zone, partition) {
      startCall(memory)
      unblockIn(memory, zone, partition)
      if (zone.everywhere) unblockIn(memory, zone.everywhere, partition)
    },
    reset(zone, partition) {
      startCall(memory)
      resetIn(memory, zone, partition)
      if (zone.everywhere) resetIn(memory, zone.everywhere, partition)
    },
    stats,
    sweep() {
      sweepNext(memory.pool, readTime(memory.time))
    },
  }
  noteMemory(store, memory)
  noteNeverFails(store)
  noteCharger(store, (terms) => chargerIn(memory, terms))
  return store
}

function giveBack(memory: Memory, { zone, partition, cost, decision }: Refund, now: Micros): void {
  if (decision && decision.kind !== 'allowed') return
  const { pool, time } = memory
  const { table, counters, cursor } = bindingOf(memory, zone)
  if (!locate(pool, table, partition, cursor) && !table.overflow) return

  const units: Units = Math.min(cost, decision?.taken ?? cost)
  for (const counter of counters) {
    const undo = decision && undoOf(decision, counter.quota)
    counter.giveBack(cursor.cells, cursor.row, units, now, time.skew, undo)
  }
}

function unblockIn(memory: Memory, zone: Zone, partition: string): void {
  const { table, cursor } = bindingOf(memory, zone)
  if (locate(memory.pool, table, partition, cursor) || table.overflow) cursor.cells[cursor.row + BLOCKED_UNTIL] = 0
}

/** All of the row, whichever of the zone's rules asks. An overflow row is not reset: others count in it too. */
function resetIn(memory: Memory, zone: Zone, partition: string): void {
  const { table } = bindingOf(memory, zone)
  // What is looked up anew is as wide as the layout.
  const cursor = createCursor()
  if (!locate(memory.pool, table, partition, cursor)) return
  const { cells, row } = cursor
  for (const counter of table.layout.counters) counter.release(cells, row)
  cells.fill(0, row, row + table.layout.cells)
}

function checkBound(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`memoryStore: ${name} must be a whole number above zero, not ${String(value)}`)
  }
}
