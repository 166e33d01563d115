import type { Units } from '../core/units.js'
import { SECOND } from '../core/units.js'
import type { Reading } from './reading.js'
import type { BareItem, Item } from './structured-field.js'
import { parseDictionary, parseList } from './structured-field.js'

/**
 * The newest generation of draft-ietf-httpapi-ratelimit-headers that the fields follow: named policies (08 to 11), one
 * `RateLimit` for all (07), or three fields (00 to 06). Absent where they follow none.
 */
export function readDraft(headers: Headers): readonly Reading[] | undefined {
  return readNamed(headers) ?? readSingle(headers) ?? readSeparate(headers)
}

/** `RateLimit: "default";r=50;t=30`, and `RateLimit-Policy: "default";q=100;w=60` (08 to 11, sections 3 and 4). */
function readNamed(headers: Headers): readonly Reading[] | undefined {
  const items = parseList(headers.get('ratelimit') ?? '')
  const readings = items && every(items, standingOf)
  if (readings === undefined) return undefined

  const policies = every(parseList(headers.get('ratelimit-policy') ?? '') ?? [], policyOf)
  const known = new Map(policies?.map((policy) => [policy.name, policy]))
  return readings.map((reading) => ({ ...reading, ...known.get(reading.policy)?.quota }))
}

function standingOf(item: Item): Reading | undefined {
  const policy = nameOf(item)
  const remaining = amount(item.parameters.get('r'))
  const resetAfter = item.parameters.get('t')
  if (policy === undefined || remaining === undefined) return undefined
  if (resetAfter !== undefined && amount(resetAfter) === undefined) return undefined
  return { ...UNKNOWN, policy, remaining, resetAfter: seconds(amount(resetAfter)) }
}

const UNKNOWN = { limit: undefined, window: undefined, requests: true }

function policyOf(item: Item) {
  const { parameters } = item
  const [name, limit, unit, window] = [
    nameOf(item),
    amount(parameters.get('q')),
    parameters.get('qu'),
    parameters.get('w'),
  ]
  if (name === undefined || limit === undefined) return undefined
  if ((unit !== undefined && unit.kind !== 'string') || (window !== undefined && !(amount(window) ?? 0)))
    return undefined
  const requests = unit === undefined || unit.value === 'requests'
  return { name, quota: { limit, window: seconds(amount(window)), requests } }
}

/** A policy's name; with its partition key, as the same policy stands otherwise in each partition. */
function nameOf({ value, parameters }: Item): string | undefined {
  const key = parameters.get('pk')
  if (value.kind !== 'string' || (key !== undefined && key.kind !== 'binary')) return undefined
  return key === undefined ? value.value : `${value.value} :${key.value}:`
}

/** `RateLimit: limit=100, remaining=50, reset=5`, with `RateLimit-Policy: 100;w=60` (07). */
function readSingle(headers: Headers): readonly Reading[] | undefined {
  const members = parseDictionary(headers.get('ratelimit') ?? '')
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((key) => amount(members?.get(key)?.value))
  return unnamed(headers, limit, remaining, reset)
}

/** `RateLimit-Limit`, which may list policies too, `RateLimit-Remaining` and `RateLimit-Reset` (00 to 06). */
function readSeparate(headers: Headers): readonly Reading[] | undefined {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => {
    const items = parseList(headers.get(`ratelimit-${name}`) ?? '') ?? []
    return items.length > 1 && name !== 'limit' ? undefined : amount(items[0]?.value)
  })
  return unnamed(headers, limit, remaining, reset)
}

function unnamed(
  headers: Headers,
  limit: Units | undefined,
  remaining: Units | undefined,
  reset: number | undefined,
): readonly Reading[] | undefined {
  if (limit === undefined || remaining === undefined || reset === undefined) return undefined
  const policies = parseList(headers.get('ratelimit-policy') ?? headers.get('ratelimit-limit') ?? '') ?? []
  const own = policies.find(({ value, parameters }) => amount(value) === limit && parameters.has('w'))
  const window = seconds(amount(own?.parameters.get('w')))
  return [{ policy: 'default', limit, remaining, resetAfter: seconds(reset), window, requests: true }]
}

/** An integer from 0. */
function amount(value: BareItem | undefined): number | undefined {
  return value?.kind === 'integer' && value.value >= 0 ? value.value : undefined
}

function seconds(count: number | undefined): number | undefined {
  return count === undefined ? undefined : count * SECOND
}

/** What each item gives, or nothing at all where one gives nothing: a field counts whole. */
function every<T>(items: readonly Item[], read: (item: Item) => T | undefined): T[] | undefined {
  const all = items.map(read)
  return all.includes(undefined) ? undefined : (all as T[])
}
