import type { Charge } from '../../core/charge.js'
import type { Decision } from '../../core/decision.js'
import { bySlot } from '../by-slot.js'
import type { StoreCall } from '../calls.js'

/** The hash slot in which all that a store keeps of a partition lies. */
export type SlotOf = (partition: string) => number

/** The charges of one request that lie in one hash slot, so that they can be decided in one step. */
export interface Part {
  readonly charges: readonly Charge[]
  /** Where they stood in the request. */
  readonly places: readonly number[]
}

/** A part with the decisions on its charges. */
export interface Decided {
  readonly part: Part
  readonly decisions: readonly Decision[]
}

/** The charges of a request by hash slot: those on partitions of the caller's own first, those that callers share last. */
export function partsOf(charges: readonly Charge[], slotOf: SlotOf): readonly Part[] {
  const places = bySlot([...charges.keys()], (place) => slotOf((charges[place] as Charge).partition))
  const parts = places.map((some) => ({ places: some, charges: some.map((place) => charges[place] as Charge) }))
  return parts.sort((a, b) => Number(isShared(a)) - Number(isShared(b)))
}

/** The decisions in the order of the request's charges. */
export function inPlace(decided: readonly Decided[]): readonly Decision[] {
  const decisions: Decision[] = []
  for (const { part, decisions: some } of decided) {
    for (const [i, place] of part.places.entries()) decisions[place] = some[i] as Decision
  }
  return decisions
}

/** Whether several callers draw on every partition of the part: its name then tells of no user and no address. */
function isShared({ charges }: Part): boolean {
  return charges.every(({ partition }) => partition.split(',').every((part) => SHARED.test(part)))
}

const SHARED = /^(everyone$|path:|method:|group:)/

/** A partition that a call is about; all others of a call in one hash slot lie where it does. */
export function partitionOf(call: StoreCall): string {
  switch (call.kind) {
    case 'decide':
    case 'peek':
      return call.charges[0]?.partition ?? ''
    case 'refund':
      return call.refunds[0]?.partition ?? ''
    case 'block':
    case 'unblock':
    case 'reset':
      return call.partition
  }
}
