import type { Decision, Micros, Policy, Rule } from 'spillway'
import { withTrials } from 'spillway'
import { sizeOf } from '../without-limits.js'
import type { Timeline } from './timeline.js'
import { timeline } from './timeline.js'

/** What one rule decided. */
export interface RuleTally {
  readonly rule: Rule
  readonly layer: string
  requests: number
  denied: number
  blocked: number
  /** Refusals of each quota, in the order of the rule. */
  readonly deniedBy: number[]
  readonly timeline: Timeline
  /** By client, in thousandths of the limit: the highest use of a quota that the client met. 0: it never came. */
  peaks: Uint16Array
  /** By client: whether it was refused, 1 denied, 2 blocked, 3 both. */
  refusedClients: Uint8Array
}

/** Cells of all rules together, each for one client: what is kept of clients by rule is bounded so. */
const MOST_CELLS = 8_000_000
const CELLS_OF_TIME = 240
const FULL = 1000

/** The tallies of a policy's rules. */
export interface RuleTallies {
  readonly all: readonly RuleTally[]
  /** Clients beyond this number are not told apart by rule. */
  readonly mostClients: number
  decided(rule: Rule, decision: Decision, client: number, at: Micros): void
}

/** Tallies for the rules of all layers, and for their trials. */
export function ruleTallies({ layers }: Policy): RuleTallies {
  const all = layers.flatMap(({ name, rules }) => rules.flatMap(withTrials).map((rule) => tallyOf(rule, name)))
  const byRule = new Map(all.map((tally) => [tally.rule, tally]))
  let last = all[0]
  const mostClients = Math.floor(MOST_CELLS / Math.max(1, all.length))

  return {
    all,
    mostClients,
    decided(rule, decision, client, at) {
      const tally = last?.rule === rule ? last : byRule.get(rule)
      last = tally
      if (tally === undefined) return
      tally.requests++
      const refusal = refusalIn(tally, decision)
      tally.timeline.add(at, refusal !== 0)
      if (client < 0 || client >= mostClients) return
      if (client >= tally.peaks.length) grow(tally, client)
      if (refusal !== 0) tally.refusedClients[client] = (tally.refusedClients[client] as number) | refusal
      const peak = use(decision)
      if (peak > (tally.peaks[client] as number)) tally.peaks[client] = peak
    },
  }
}

function tallyOf(rule: Rule, layer: string): RuleTally {
  return {
    rule,
    layer,
    requests: 0,
    denied: 0,
    blocked: 0,
    deniedBy: rule.quotas.map(() => 0),
    timeline: timeline(CELLS_OF_TIME),
    peaks: new Uint16Array(1024),
    refusedClients: new Uint8Array(1024),
  }
}

/** Counts a refusal; 0 where it is none. */
function refusalIn(tally: RuleTally, decision: Decision): 0 | 1 | 2 {
  switch (decision.kind) {
    case 'allowed':
    case 'unknown':
      return 0
    case 'blocked':
      tally.blocked++
      return 2
    case 'denied':
    case 'impossible':
      tally.denied++
      for (const [i, { retryAfter }] of decision.quotas.entries()) {
        if (retryAfter > 0) tally.deniedBy[i] = (tally.deniedBy[i] ?? 0) + 1
      }
      return 1
  }
}

function grow(tally: RuleTally, client: number): void {
  const size = Math.max(client + 1, tally.peaks.length * 2)
  const { peaks, refusedClients } = tally
  tally.peaks = new Uint16Array(size)
  tally.peaks.set(peaks)
  tally.refusedClients = new Uint8Array(size)
  tally.refusedClients.set(refusedClients)
}

/** Thousandths of the limit that are used of the quota that is nearest to it; a refused client has met it. */
function use(decision: Decision): number {
  switch (decision.kind) {
    case 'allowed': {
      let most = 1
      for (const { quota, remaining } of decision.quotas) {
        const size = sizeOf(quota)
        most = Math.max(most, Math.ceil((FULL * (size - remaining)) / size))
      }
      return most
    }
    case 'denied':
    case 'blocked':
    case 'impossible':
      return FULL
    case 'unknown':
      return 0
  }
}
