import { randomUUID } from 'node:crypto'
import type { Verdict } from 'spillway'
import type { Explanation } from 'spillway/explain'

/** So many denials can be explained: the last ones. */
const MOST = 1_000

/** A request that was refused. */
export interface Denial {
  /** Its request id: a UUID that tells nothing (RFC 9562, version 4). */
  readonly id: string
  /** When, in UTC (RFC 3339). */
  readonly at: string
  readonly explanation: Explanation
}

/** A line of the list of denials. */
interface DenialSummary extends Pick<Denial, 'id' | 'at'>, Pick<Explanation, 'method' | 'path' | 'identity'> {
  readonly verdict: Verdict['kind']
  /** Of a denial: the rule whose refusal counts. */
  readonly rule?: string
  readonly status?: number
}

/** The last denials, whatever their kind. */
export interface Denials {
  /** Takes one in, in place of the oldest where the ring is full. Gives its id. */
  add(explanation: Explanation): string
  /** Absent where no denial has this id, or it is too long ago. */
  get(id: string): Denial | undefined
  /** The last ones, newest first. */
  list(): readonly DenialSummary[]
}

/** An empty ring. */
export function denials(capacity: number = MOST): Denials {
  const ring: { readonly id: string; readonly time: number; readonly explanation: Explanation }[] = []
  let next = 0

  return {
    add(explanation) {
      const id = randomUUID()
      ring[next] = { id, time: Date.now(), explanation }
      next = (next + 1) % capacity
      return id
    },
    get(id) {
      const found = ring.find((each) => each.id === id)
      return found && { id, at: shown(found.time), explanation: found.explanation }
    },
    list() {
      const newestFirst = [...ring.slice(next), ...ring.slice(0, next)].reverse()
      return newestFirst.map(({ id, time, explanation }) => summary(id, shown(time), explanation))
    },
  }
}

function shown(time: number): string {
  return new Date(time).toISOString()
}

function summary(id: string, at: string, { method, path, identity, verdict, answer }: Explanation): DenialSummary {
  return {
    id,
    at,
    method,
    ...(path !== undefined && { path }),
    ...(identity && { identity }),
    verdict: verdict.kind,
    ...(verdict.rule !== undefined && { rule: verdict.rule }),
    ...(answer.status !== undefined && { status: answer.status }),
  }
}
