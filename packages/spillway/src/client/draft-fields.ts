import type { Micros } from '../core/units.js'
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
  const readings = items && every(items, readingOf)
  if (readings === undefined) return undefined

  const policies = parseList(headers.get('ratelimit-policy') ?? '') ?? []
  const quotas = new Map(every(policies, namedQuotaOf))
  return readings.map((reading) => ({ ...reading, ...quotas.get(reading.policy) }))
}

/** What `RateLimit-Policy` tells beside `RateLimit`. */
type ToldQuota = Pick<Reading, 'limit' | 'window' | 'requests'>

const UNTOLD: ToldQuota = { limit: undefined, window: undefined, requests: true }

function readingOf(item: Item): Reading | undefined {
  const policy = nameOf(item)
  const remaining = wholeNumber(item.parameters.get('r'))
  const reset = item.parameters.get('t')
  const seconds = wholeNumber(reset)
  if (policy === undefined || remaining === undefined) return undefined
  if (reset !== undefined && seconds === undefined) return undefined
  return { ...UNTOLD, policy, remaining, resetAfter: microsOf(seconds) }
}

function namedQuotaOf(item: Item): readonly [name: string, quota: ToldQuota] | undefined {
  const { parameters } = item
  const name = nameOf(item)
  const limit = wholeNumber(parameters.get('q'))
  const unit = parameters.get('qu')
  const window = parameters.get('w')
  const seconds = wholeNumber(window)
  if (name === undefined || limit === undefined) return undefined
  if (unit !== undefined && unit.kind !== 'string') return undefined
  if (window !== undefined && (seconds === undefined || seconds === 0)) return undefined
  const requests = unit === undefined || unit.value === 'requests'
  return [name, { limit, window: microsOf(seconds), requests }]
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
  return readUnnamed(headers, (what) => members?.get(what)?.value)
}

/** `RateLimit-Limit`, which may list policies too, `RateLimit-Remaining` and `RateLimit-Reset` (00 to 06). */
function readSeparate(headers: Headers): readonly Reading[] | undefined {
  return readUnnamed(headers, (what) => {
    const items = parseList(headers.get(`ratelimit-${what}`) ?? '') ?? []
    return items.length > 1 && what !== 'limit' ? undefined : items[0]?.value
  })
}

type ReadField = (what: 'limit' | 'remaining' | 'reset') => BareItem | undefined

/** One reading of a generation that does not name its policies, or none where it does not tell all three. */
function readUnnamed(headers: Headers, fieldOf: ReadField): readonly Reading[] | undefined {
  const limit = wholeNumber(fieldOf('limit'))
  const remaining = wholeNumber(fieldOf('remaining'))
  const reset = wholeNumber(fieldOf('reset'))
  if (limit === undefined || remaining === undefined || reset === undefined) return undefined

  const policies = parseList(headers.get('ratelimit-policy') ?? headers.get('ratelimit-limit') ?? '') ?? []
  const own = policies.find(({ value, parameters }) => wholeNumber(value) === limit && parameters.has('w'))
  const window = microsOf(wholeNumber(own?.parameters.get('w')))
  return [{ policy: 'default', limit, remaining, resetAfter: microsOf(reset), window, requests: true }]
}

/** An integer from 0; absent where the item is another, or none. */
function wholeNumber(value: BareItem | undefined): number | undefined {
  return value?.kind === 'integer' && value.value >= 0 ? value.value : undefined
}

function microsOf(seconds: number | undefined): Micros | undefined {
  return seconds === undefined ? undefined : seconds * SECOND
}

/** What each item gives, or nothing at all where one gives nothing: a field counts whole. */
function every<T>(items: readonly Item[], read: (item: Item) => T | undefined): T[] | undefined {
  const all = items.map(read)
  return all.includes(undefined) ? undefined : (all as T[])
}
