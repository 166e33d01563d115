import type { Charge, Zone } from '../core/charge.js'
import type { Decision, QuotaStanding } from '../core/decision.js'
import type { Micros } from '../core/units.js'
import { SECOND } from '../core/units.js'
import type { StoreTime } from './memory/clock.js'
import { readTime } from './memory/clock.js'

/** How long a refusal is believed without asking. */
const LONGEST: Micros = SECOND

/** What is known of the records of a store: only of those that had to do with a refusal. */
export interface Records {
  /** By the name of the zone, as zones of one name share their records, then by partition. */
  readonly zones: Map<string, Map<string, Known>>
  /** The same tables by zone: this spares hashing its name. */
  tables: WeakMap<Zone, Map<string, Known>>
  count: number
  readonly max: number
}

/** What is known of one record. */
interface Known {
  /** Goes up whenever the record may have changed. */
  changes: number
  /** The last request that was refused whose first charge was on this record. */
  refusal: Refusal | undefined
}

/** A request that was refused, and why it would be again. */
interface Refusal {
  readonly charges: readonly Charge[]
  readonly decisions: readonly Decision[]
  readonly at: Micros
  readonly until: Micros
  /** The records that the answer depends on, each with its `changes` then. */
  readonly known: readonly Known[]
  readonly changes: readonly number[]
}

/** A memory without any records yet, for at most `max` of them. */
export function createRecords(max: number): Records {
  return { zones: new Map(), tables: new WeakMap(), count: 0, max }
}

/** The answer to a request that was refused before and would be again; `undefined` where only the store knows. */
export function recallRefusal(
  records: Records,
  charges: readonly Charge[],
  time: StoreTime,
): readonly Decision[] | undefined {
  const first = charges[0]
  if (first === undefined) return undefined
  const refusal = records.tables.get(first.zone)?.get(first.partition)?.refusal
  if (refusal === undefined || !sameCharges(refusal.charges, charges)) return undefined

  const now = readTime(time)
  if (now >= refusal.until || hasChanged(refusal)) return undefined
  const passed = now - refusal.at
  const { decisions } = refusal
  return decisions.length === 1
    ? [movedOn(decisions[0] as Decision, passed)]
    : decisions.map((decision) => movedOn(decision, passed))
}

/** Keeps the answer to a request if it refuses, and takes note of the records that it changed if not. */
export function rememberRefusal(
  records: Records,
  charges: readonly Charge[],
  decisions: readonly Decision[],
  now: Micros,
): void {
  if (decisions.every(isAllowed) || startsBlock(charges, decisions)) {
    for (const { zone, partition } of charges) changed(records, zone, partition)
    return
  }
  const until = Math.min(now + LONGEST, ...decisions.map((decision) => now + holdsFor(decision)))
  if (until <= now) return
  const known = charges.flatMap(({ zone, partition }) =>
    zone.everywhere === undefined
      ? [knownOf(records, zone, partition)]
      : [knownOf(records, zone, partition), knownOf(records, zone.everywhere, partition)],
  )
  const changes = known.map((each) => each.changes)
  const [first] = known
  if (first !== undefined) first.refusal = { charges: charges.slice(), decisions, at: now, until, known, changes }
}

/** Takes note that a record may have changed, and with it the block that holds everywhere. */
export function changed(records: Records, zone: Zone, partition: string): void {
  touch(tableOf(records, zone).get(partition))
  if (zone.everywhere !== undefined) touch(tableOf(records, zone.everywhere).get(partition))
}

function touch(known: Known | undefined): void {
  if (known !== undefined) known.changes++
}

function tableOf(records: Records, zone: Zone): Map<string, Known> {
  const known = records.tables.get(zone)
  if (known !== undefined) return known
  const table = records.zones.get(zone.name) ?? new Map<string, Known>()
  records.zones.set(zone.name, table)
  records.tables.set(zone, table)
  return table
}

function knownOf(records: Records, zone: Zone, partition: string): Known {
  const table = tableOf(records, zone)
  const known = table.get(partition)
  if (known !== undefined) return known
  if (records.count >= records.max) forgetAll(records)
  const made: Known = { changes: 0, refusal: undefined }
  tableOf(records, zone).set(partition, made)
  records.count++
  return made
}

/** A full memory begins anew: whoever is still refused costs one more call each, and a flood can fill nothing. */
function forgetAll(records: Records): void {
  records.zones.clear()
  records.tables = new WeakMap()
  records.count = 0
}

function hasChanged({ known, changes }: Refusal): boolean {
  for (let i = 0; i < known.length; i++) if (known[i]?.changes !== changes[i]) return true
  return false
}

function sameCharges(ones: readonly Charge[], others: readonly Charge[]): boolean {
  if (ones.length !== others.length) return false
  for (let i = 0; i < ones.length; i++) if (!sameCharge(ones[i] as Charge, others[i] as Charge)) return false
  return true
}

function sameCharge(one: Charge, other: Charge): boolean {
  return (
    one.partition === other.partition &&
    one.zone === other.zone &&
    one.cost === other.cost &&
    one.quotas === other.quotas &&
    one.block === other.block &&
    one.heldFor === other.heldFor
  )
}

function isAllowed({ kind }: Decision): boolean {
  return kind === 'allowed'
}

/** A denial that starts a block changes the record: the next answer is another. */
function startsBlock(charges: readonly Charge[], decisions: readonly Decision[]): boolean {
  return decisions.some(({ kind }, i) => kind === 'denied' && charges[i]?.block !== undefined)
}

/** For how long a decision changes in nothing but the time that is left: until a figure reaches 0. */
function holdsFor(decision: Decision): Micros {
  if (decision.kind === 'unknown') return 0
  let longest = 'retryAfter' in decision ? decision.retryAfter : LONGEST
  for (const { resetAfter, retryAfter } of decision.quotas) {
    if (resetAfter > 0) longest = Math.min(longest, resetAfter)
    if (retryAfter > 0) longest = Math.min(longest, retryAfter)
  }
  return longest
}

/** What the store would say now, when nothing but time has passed. Written out kind by kind: a copy by `...` takes thrice as long. */
function movedOn(decision: Decision, passed: Micros): Decision {
  if (decision.kind === 'unknown') return decision
  const { limit, remaining } = decision
  const resetAfter = less(decision.resetAfter, passed)
  const quotas: QuotaStanding[] = []
  for (const standing of decision.quotas) quotas.push(movedStanding(standing, passed))

  switch (decision.kind) {
    case 'allowed': {
      const { at, taken } = decision
      return { kind: 'allowed', limit, remaining, resetAfter, quotas, at: at + passed, taken }
    }
    case 'impossible':
      return { kind: 'impossible', limit, remaining, resetAfter, quotas, largestCost: decision.largestCost }
    case 'denied':
      return { kind: 'denied', limit, remaining, resetAfter, quotas, retryAfter: decision.retryAfter - passed }
    case 'blocked':
      return { kind: 'blocked', limit, remaining, resetAfter, quotas, retryAfter: decision.retryAfter - passed }
  }
}

function movedStanding({ quota, remaining, resetAfter, retryAfter }: QuotaStanding, passed: Micros): QuotaStanding {
  return { quota, remaining, resetAfter: less(resetAfter, passed), retryAfter: less(retryAfter, passed) }
}

/** What is left of a time; a time that is none stays none. */
function less(span: Micros, passed: Micros): Micros {
  return span === 0 ? 0 : span - passed
}
