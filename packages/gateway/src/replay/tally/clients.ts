import type { Identity, Micros } from 'spillway'
import { cameTo } from './counts.js'
import type { Timeline } from './timeline.js'
import { timeline } from './timeline.js'

/** What a client asked for and what became of it. */
export interface Client {
  readonly identity: Identity
  /** Its number among the clients, from 0; -1 where there are too many to keep each. */
  readonly index: number
  requests: number
  denied: number
  blocked: number
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
  /** Those that are kept. */
  kept(): Iterable<Client>
  count(): number
}

/** So many clients are counted one by one. */
export const MOST_CLIENTS = 250_000
/** So many refused clients have a line of their own over time. */
const MOST_TIMELINES = 5_000
/** Of how many steps that line is, at most. */
export const STEPS_OF_A_CLIENT = 32

/** Keeps clients by their identity. */
export function clientTable(): Clients {
  const all: Client[] = []
  const byUser = { user: new Map<string, Client>(), key: new Map<string, Client>(), ip: new Map<string, Client>() }
  return {
    of(identity) {
      const known = byUser[identity.kind].get(identity.user)
      if (known !== undefined) return known
      const full = all.length >= MOST_CLIENTS
      const client: Client = {
        identity,
        index: full ? -1 : all.length,
        requests: 0,
        denied: 0,
        blocked: 0,
        refusals: undefined,
      }
      if (!full) {
        all.push(client)
        byUser[identity.kind].set(identity.user, client)
      }
      return client
    },
    kept: () => all,
    count: () => all.length,
  }
}

/** `ip:192.0.2.1`: of what kind a client is, and its name. */
export function clientName({ kind, user }: Identity): string {
  return `${kind}:${user}`
}

/** Notes refusals of clients, and when they ended. */
export interface RefusalNotes {
  refused(client: Client, at: Micros, status: number): void
  passed(client: Client, at: Micros): void
}

/** Notes for the clients of one replay. */
export function refusalNotes(): RefusalNotes {
  let timelines = 0
  return {
    refused(client, at, status) {
      if (client.refusals === undefined && client.index >= 0) timelines++
      client.refusals ??= begin(at, client.index >= 0 && timelines <= MOST_TIMELINES)
      const { refusals } = client
      refusals.since ??= at
      refusals.last = at
      const came = cameTo(status)
      if (came !== 'other') refusals[came]++
      refusals.timeline?.add(at, true)
    },
    passed(client, at) {
      const { refusals } = client
      if (refusals?.since === undefined) return
      refusals.span += Math.max(0, at - refusals.since)
      refusals.since = undefined
    },
  }
}

function begin(at: Micros, withTimeline: boolean): Refusals {
  const own = withTimeline ? timeline(STEPS_OF_A_CLIENT) : undefined
  return { first: at, last: at, since: undefined, span: 0, succeeded: 0, suspect: 0, timeline: own }
}

/** For how long a client was refused, one time with another. */
export function refusedFor({ since, last, span }: Refusals): Micros {
  return since === undefined ? span : span + Math.max(0, last - since)
}
