import type { Micros, Policy, Verdict } from 'spillway'
import type { LogLine } from '../../logs/log-line.js'
import type { Client, Clients } from './clients.js'
import { clientTable } from './clients.js'
import type { Counts, Outcome } from './counts.js'
import { add, cameTo, noCounts } from './counts.js'
import type { Heat } from './heat.js'
import { heatMap } from './heat.js'
import type { RuleTallies } from './rule-tally.js'
import { ruleTallies } from './rule-tally.js'
import type { Counted, SpaceSaving } from './space-saving.js'
import { spaceSaving } from './space-saving.js'

/** A path, with what became of its requests since it is kept. */
export interface PathCounts extends Counted, Counts {}

/** All that is counted of one policy while a log is replayed. */
export interface Tally {
  readonly total: Counts
  /** Requests whose target is ambiguous: the answer is 400, and no rule is asked. */
  malformed: number
  /** Requests of nobody, where the policy wants somebody: 401. */
  unidentified: number
  /** Requests that no rule limits. */
  unlimited: number
  /** Refused requests by what the log says that they came to. */
  readonly refusedBy: { succeeded: number; suspect: number; other: number }
  first: Micros | undefined
  last: Micros
  readonly clients: Clients
  readonly rules: RuleTallies
  readonly groups: Map<string, Counts>
  /** By the status that the log has; 0 where it has none. Empty where none was seen. */
  readonly statuses: (Counts | undefined)[]
  readonly paths: SpaceSaving<PathCounts>
  readonly bots: Map<string, Counts>
  readonly heat: Heat
  /** Takes one request into account; `bot` is the name of a known one. */
  take(line: LogLine, at: Micros, client: Client | undefined, bot: string | undefined, verdict: Verdict): void
}

const PATHS_KEPT = 10_000
/** Longer paths are counted by how they begin: twenty thousand of a megabyte would fill the memory. */
const LONGEST_PATH = 1_024

/** The tally of one policy. */
export function tallyOf(policy: Policy): Tally {
  const tally: Tally = {
    ...nothingYet(policy),
    take(line, at, client, bot, verdict) {
      tally.first ??= at
      tally.last = at
      const outcome = outcomeOf(tally, verdict)
      takeLine(tally, line, at, bot, outcome)
      if (client !== undefined) tally.clients.take(client, at, line.status, outcome)
      if (verdict.kind === 'malformed' || verdict.kind === 'unidentified') return

      add(tally.paths.count(keptPath(verdict.path)), outcome)
      add(countsIn(tally.groups, verdict.identity.group), outcome)
      if (verdict.decisions.length === 0) tally.unlimited++
      const index = client?.index ?? -1
      for (const { rule, decision } of verdict.decisions) tally.rules.decided(rule, decision, index, at)
      for (const { rule, decision } of verdict.shadows) tally.rules.decided(rule, decision, index, at)
    },
  }
  return tally
}

function nothingYet(policy: Policy): Omit<Tally, 'take'> {
  return {
    total: noCounts(),
    malformed: 0,
    unidentified: 0,
    unlimited: 0,
    refusedBy: { succeeded: 0, suspect: 0, other: 0 },
    first: undefined,
    last: 0,
    clients: clientTable(),
    rules: ruleTallies(policy),
    groups: new Map(),
    statuses: new Array<Counts | undefined>(1000).fill(undefined),
    paths: spaceSaving(PATHS_KEPT, (name, count) => ({ ...noCounts(), name, count })),
    bots: new Map(),
    heat: heatMap(),
  }
}

function takeLine(tally: Tally, { status }: LogLine, at: Micros, bot: string | undefined, outcome: Outcome): void {
  add(tally.total, outcome)
  tally.statuses[status] ??= noCounts()
  add(tally.statuses[status], outcome)
  if (outcome !== 'allowed') tally.refusedBy[cameTo(status)]++
  if (bot !== undefined) add(countsIn(tally.bots, bot), outcome)
  tally.heat.add(at, outcome !== 'allowed')
}

function outcomeOf(tally: Tally, verdict: Verdict): Outcome {
  switch (verdict.kind) {
    case 'allow':
      return 'allowed'
    case 'deny':
      return verdict.decisive.decision.kind === 'blocked' ? 'blocked' : 'denied'
    case 'undecided':
      throw new TypeError('a store in memory always answers')
    case 'unidentified':
      tally.unidentified++
      return 'allowed'
    case 'malformed':
      tally.malformed++
      return 'allowed'
  }
}

function keptPath(path: string): string {
  // A copy, as a slice would keep the whole path in memory.
  return path.length <= LONGEST_PATH ? path : `${Buffer.from(path.slice(0, LONGEST_PATH))}…`
}

function countsIn(table: Map<string, Counts>, key: string): Counts {
  const known = table.get(key)
  if (known !== undefined) return known
  const counts = noCounts()
  table.set(key, counts)
  return counts
}
