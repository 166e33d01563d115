import type { Identity, Micros } from 'spillway'
import type { Counts, Outcome } from './counts.js'
import { add, cameTo, noCounts } from './counts.js'
import type { Distinct } from './distinct.js'
import { distinct } from './distinct.js'
import type { Timeline } from './timeline.js'
import { timeline } from './timeline.js'

/** What a client asked for and what became of it. */
export interface Client extends Counts {
  readonly identity: Identity
  /** Its number among the clients, from 0; -1 where there are too many to keep each. */
  readonly index: number
  /** Absent until it is refused. */
  refusals: Refusals | undefined
}

/** When a client was refused. */
export interface Refusals {
  readonly first: Micros
  last: Micros
  /** Since when it has been refused each time; absent while it is let through. */
  since: Micros | undefined
  /** The time from a refusal to the next request that passed, or to the last refusal, in all. */
  span: Micros
  /** Refused requests whose status in the log is below 400: they had succeeded. */
  succeeded: number
  /** Refused requests that the log has as 401, 403 or 404. */
  suspect: number
  /** Absent for a client that was refused after many others. */
  readonly timeline: Timeline | undefined
}

/** All clients of a log. */
export interface Clients {
  /** The client of an identity; one of its own each time, number -1, where too many are kept already. */
  of(identity: Identity): Client
  /** Counts a request of a client, which has this status in the log. */
  take(client: Client, at: Micros, status: number, outcome: Outcome): void
  /** Those that are kept, by their numbers. */
  readonly kept: readonly Client[]
  /** The others, and those of them that were refused. */
  readonly more: { readonly all: Distinct; readonly refused: Distinct }
}

/** So many clients are counted one by one. */
export const MOST_CLIENTS = 250_000
/** So many refused clients have a line of their own over time. */
const MOST_TIMELINES = 5_000
/** Of how many steps that line is, at most. */
export const STEPS_OF_A_CLIENT = 32

/** No client yet. */
export function clientTable(): Clients {
  const kept: Client[] = []
  const more = { all: distinct(), refused: distinct() }
  const byUser = { user: new Map<string, Client>(), key: new Map<string, Client>(), ip: new Map<string, Client>() }
  let timelines = 0

  return {
    kept,
    more,
    of(identity) {
      const known = byUser[identity.kind].get(identity.user)
      if (known !== undefined) return known
      const isFull = kept.length >= MOST_CLIENTS
      const client: Client = { identity, index: isFull ? -1 : kept.length, ...noCounts(), refusals: undefined }
      if (!isFull) {
        kept.push(client)
        byUser[identity.kind].set(identity.user, client)
      }
      return client
    },
    take(client, at, status, outcome) {
      add(client, outcome)
      if (client.index < 0) addOneOfMore(more, client, outcome)
      else if (outcome === 'allowed') endRefusal(client.refusals, at)
      else {
        client.refusals ??= firstRefusal(at, timelines++ < MOST_TIMELINES)
        addRefusal(client.refusals, at, status)
      }
    },
  }
}

/** `ip:192.0.2.1`: of what kind a client is, and its name. */
export function clientName({ kind, user }: Identity): string {
  return `${kind}:${user}`
}

function addOneOfMore({ all, refused }: Clients['more'], { identity }: Client, outcome: Outcome): void {
  const name = clientName(identity)
  all.add(name)
  if (outcome !== 'allowed') refused.add(name)
}

function firstRefusal(at: Micros, hasTimeline: boolean): Refusals {
  const own = hasTimeline ? timeline(STEPS_OF_A_CLIENT) : undefined
  return { first: at, last: at, since: undefined, span: 0, succeeded: 0, suspect: 0, timeline: own }
}

function addRefusal(refusals: Refusals, at: Micros, status: number): void {
  refusals.since ??= at
  refusals.last = at
  const came = cameTo(status)
  if (came !== 'other') refusals[came]++
  refusals.timeline?.add(at, true)
}

function endRefusal(refusals: Refusals | undefined, at: Micros): void {
  if (refusals?.since === undefined) return
  refusals.span += Math.max(0, at - refusals.since)
  refusals.since = undefined
}

/** For how long a client was refused, one time with another. */
export function refusedFor({ since, last, span }: Refusals): Micros {
  return since === undefined ? span : span + Math.max(0, last - since)
}
