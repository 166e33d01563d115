import type { Decision, Micros, Policy, Rule } from 'spillway'
import { withTrials } from 'spillway'
import { sizeOf } from '../quota-size.js'
import type { Timeline } from './timeline.js'
import { timeline } from './timeline.js'
import { withRoom } from './with-room.js'

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
  /** By client, the highest use of a quota that it met: thousandths of the limit, or `REFUSED`. 0: it never came. */
  uses: Uint16Array
}

/** Cells of all rules together, each for one client: what is kept of clients by rule is bounded so. */
const MOST_CELLS = 8_000_000
const CELLS_OF_TIME = 240
/** The use of who has taken all units of a limit, */
export const FULL = 1000
/** and of who asked for more. */
const REFUSED = FULL + 1

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
      countRefusal(tally, decision)
      const use = useOf(decision)
      tally.timeline.add(at, use === REFUSED)
      if (client < 0 || client >= mostClients) return
      tally.uses = withRoom(tally.uses, client)
      if (use > (tally.uses[client] as number)) tally.uses[client] = use
    },
  }
}

/** Whether a rule has refused a client. */
export function hasRefused({ uses }: RuleTally, client: number): boolean {
  return uses[client] === REFUSED
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
    uses: new Uint16Array(1024),
  }
}

/** Counts a decision, if it is a refusal. */
function countRefusal(tally: RuleTally, decision: Decision): void {
  switch (decision.kind) {
    case 'allowed':
    case 'unknown':
      return
    case 'blocked':
      tally.blocked++
      return
    case 'denied':
    case 'impossible':
      tally.denied++
      for (const [i, { retryAfter }] of decision.quotas.entries()) {
        if (retryAfter > 0) tally.deniedBy[i] = (tally.deniedBy[i] ?? 0) + 1
      }
  }
}

/** The use of the quota that is nearest to its limit. */
function useOf(decision: Decision): number {
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
      return REFUSED
    case 'unknown':
      return 0
  }
}
