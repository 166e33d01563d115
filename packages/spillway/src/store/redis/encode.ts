import type { BoundQuota, Charge, Refund, Zone } from '../../core/charge.js'
import { undoOf } from '../../core/undo.js'
import type { Micros } from '../../core/units.js'
import type { StoreCall } from '../calls.js'
import type { KeyOf } from './keys.js'
import { rulePlan, runPlan, zonePlan } from './plan.js'

/** What the script takes: spec/redis.md says what stands where. */
export interface ScriptInput {
  readonly keys: readonly string[]
  readonly args: readonly string[]
}

/** What a run begins with: then come its first key, its rule, the cost, the step from key to key, and how many they are. */
const RUN = 0
/** How many numbers these are. */
const RUN_NUMBERS = 6
/** What any other call begins with. */
const WHAT = { decide: 1, peek: 2, refund: 3, block: 4, unblock: 5, reset: 6 } as const

/** What the charges of one rule have in common, and by which place the script is told of it. */
interface PlacedRule {
  readonly zone: Zone
  readonly quotas: readonly BoundQuota[]
  readonly place: number
}

/** What is known of a batch: each key, zone and rule travels once, and is told by its place, from 1 on. */
interface Batch {
  readonly keyOf: KeyOf
  readonly keys: string[]
  /** Of each partition, by the name of a zone. */
  readonly places: Map<string, Map<string, number>>
  readonly zones: Map<Zone, number>
  readonly rules: Map<readonly BoundQuota[], PlacedRule>
  readonly ruleList: PlacedRule[]
  readonly numbers: number[]
  /** Where in the numbers the run stands that the last call belongs to; -1 where it belongs to none. */
  run: number
  /** Whether each call so far is part of a run. */
  onlyRuns: boolean
}

/** Writes calls down for the script. `now` is the client's time; the script goes by it too where `testing`. */
export function encodeCalls(calls: readonly StoreCall[], keyOf: KeyOf, now: Micros, testing: boolean): ScriptInput {
  const { keys, work } = aloneOf(calls, keyOf) ?? batchOf(calls, keyOf, now)
  return { keys, args: [testing ? String(now) : '', work] }
}

/** Keys, and what is to be done with them. */
interface Encoded {
  readonly keys: readonly string[]
  readonly work: string
}

/** A charge that comes alone and could be a run, in the form for which the script is fastest. */
function aloneOf(calls: readonly StoreCall[], keyOf: KeyOf): Encoded | undefined {
  const [call] = calls
  const charge = calls.length === 1 && call !== undefined ? plainCharge(call) : undefined
  const plan = charge && runPlan(charge.zone, charge.quotas)
  if (charge === undefined || plan === undefined) return undefined
  return { keys: [keyOf(charge.zone, charge.partition)], work: `[${charge.cost},${plan}]` }
}

function batchOf(calls: readonly StoreCall[], keyOf: KeyOf, now: Micros): Encoded {
  const batch: Batch = {
    keyOf,
    keys: [],
    places: new Map(),
    zones: new Map(),
    rules: new Map(),
    ruleList: [],
    numbers: [],
    run: -1,
    onlyRuns: true,
  }
  for (const call of calls) addCall(batch, call)
  return { keys: batch.keys, work: runsOf(batch) ?? workOf(batch, now) }
}

/** A batch of nothing but runs under one quota each, in the short form for which the script has a fast one. */
function runsOf({ onlyRuns, ruleList, numbers }: Batch): string | undefined {
  if (!onlyRuns) return undefined
  let plans = ''
  for (const { zone, quotas } of ruleList) {
    const plan = runPlan(zone, quotas)
    if (plan === undefined) return undefined
    plans += plans === '' ? `[${plan}]` : `,[${plan}]`
  }
  return `[[${plans}],[${numbers.join()}]]`
}

function workOf(batch: Batch, now: Micros): string {
  const rules = batch.ruleList.map(({ zone, quotas }) => `[${zonePlace(batch, zone)}${rulePlan(quotas)}]`)
  const zones = [...batch.zones.keys()].map((zone) => zonePlan(zone, now))
  return `[[${zones.join()}],[${rules.join()}],[${batch.numbers.join()}]]`
}

function addCall(batch: Batch, call: StoreCall): void {
  if (call.kind !== 'decide') endRuns(batch)
  switch (call.kind) {
    case 'decide':
    case 'peek':
      addCharges(batch, call)
      return
    case 'refund':
      batch.numbers.push(WHAT.refund, call.refunds.length)
      for (const refund of call.refunds) addRefund(batch, refund)
      return
    case 'block':
      batch.numbers.push(WHAT.block, 1)
      addPartition(batch, call.zone.everywhere ?? call.zone, call.partition, call.span)
      return
    case 'unblock':
    case 'reset': {
      const { zone, partition } = call
      batch.numbers.push(WHAT[call.kind], zone.everywhere ? 2 : 1)
      addPartition(batch, zone, partition, 0)
      if (zone.everywhere) addPartition(batch, zone.everywhere, partition, 0)
    }
  }
}

function addCharges(batch: Batch, call: StoreCall & { readonly charges: readonly Charge[] }): void {
  const charge = plainCharge(call)
  if (charge !== undefined) {
    addToRun(batch, keyPlace(batch, charge.zone, charge.partition), rulePlace(batch, charge), charge.cost)
    return
  }
  endRuns(batch)
  batch.numbers.push(WHAT[call.kind], call.charges.length)
  for (const each of call.charges) addCharge(batch, each)
}

/** The charge of a call that may be part of a run. */
function plainCharge(call: StoreCall): Charge | undefined {
  if (call.kind !== 'decide' || call.charges.length !== 1) return undefined
  const [charge] = call.charges
  return charge !== undefined && isPlain(charge) ? charge : undefined
}

/** Plain charges on one key, or on keys that follow each other, are told as one where they are alike in all else. */
function addToRun(batch: Batch, key: number, rule: number, cost: number): void {
  const { numbers, run } = batch
  if (run >= 0 && numbers[run + 2] === rule && numbers[run + 3] === cost) {
    const [first, count] = [numbers[run + 1] as number, numbers[run + 5] as number]
    const step = count === 1 ? key - first : (numbers[run + 4] as number)
    if (key === first + step * count && (step === 0 || step === 1)) {
      numbers[run + 4] = step
      numbers[run + 5] = count + 1
      return
    }
  }
  batch.run = numbers.push(RUN, key, rule, cost, 0, 1) - RUN_NUMBERS
}

/** What comes now is part of no run. */
function endRuns(batch: Batch): void {
  batch.run = -1
  batch.onlyRuns = false
}

function isPlain({ zone, block, heldFor }: Charge): boolean {
  return zone.everywhere === undefined && block === undefined && heldFor === undefined
}

function addCharge(batch: Batch, charge: Charge): void {
  const { zone, partition, cost, block, heldFor = 0 } = charge
  const key = keyPlace(batch, zone, partition)
  const elsewhere = zone.everywhere ? keyPlace(batch, zone.everywhere, partition) : 0
  const blocked = block === undefined ? 0 : (block.everywhere && elsewhere) || key
  batch.numbers.push(key, rulePlace(batch, charge), cost, elsewhere, blocked, block?.for ?? 0, heldFor)
}

function addRefund(batch: Batch, { zone, partition, cost, decision, heldFor }: Refund): void {
  if (decision?.kind !== 'allowed') {
    addPartition(batch, zone, partition, decision === undefined ? cost : 0)
    return
  }
  const undos = zone.counters.map((counter) => undoOf(decision, counter, heldFor))
  const { at, taken } = decision
  const figures = undos.flatMap(({ standing }) => (standing ? [standing.remaining, standing.resetAfter] : [-1, 0]))
  const place = keyPlace(batch, zone, partition)
  const countedAt = at + (heldFor ?? 0)
  batch.numbers.push(place, zonePlace(batch, zone), Math.min(cost, taken), at, countedAt, taken, ...figures)
}

/** A partition with nothing to be undone: units that are given back without a decision, or the span of a block. */
function addPartition(batch: Batch, zone: Zone, partition: string, amount: number): void {
  const place = keyPlace(batch, zone, partition)
  batch.numbers.push(place, zonePlace(batch, zone), amount, 0, 0, 0)
  for (const _ of zone.counters) batch.numbers.push(-1, 0)
}

function keyPlace({ keyOf, keys, places }: Batch, zone: Zone, partition: string): number {
  let inZone = places.get(zone.name)
  if (inZone === undefined) {
    inZone = new Map()
    places.set(zone.name, inZone)
  }
  const known = inZone.get(partition)
  if (known !== undefined) return known
  const place = keys.push(keyOf(zone, partition))
  inZone.set(partition, place)
  return place
}

function zonePlace({ zones }: Batch, zone: Zone): number {
  const known = zones.get(zone)
  if (known !== undefined) return known
  const place = zones.size + 1
  zones.set(zone, place)
  return place
}

function rulePlace({ rules, ruleList }: Batch, { zone, quotas }: Charge): number {
  const known = rules.get(quotas)
  if (known !== undefined && known.zone === zone) return known.place
  const rule = { zone, quotas, place: ruleList.length + 1 }
  rules.set(quotas, rule)
  ruleList.push(rule)
  return rule.place
}
