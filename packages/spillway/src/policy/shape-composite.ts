import { nearest } from '../core/nearest.js'
import type { Place } from './place.js'
import { inside, insideUnnamed, report } from './place.js'
import type { PolicyIssue } from './policy-error.js'
import type { JsonSchema, Shape } from './shape.js'
import { isPlainObject, notA } from './shape.js'

/** A key of an object that may be left out. */
export interface Optional<T> {
  readonly optional: Shape<T>
}

/** Marks a key of an object as one that may be left out. */
export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape }
}

type Fields = Readonly<Record<string, Shape<unknown> | Optional<unknown>>>

/** What an object with these fields parses to. */
export type ValueOf<F extends Fields> = {
  readonly [K in keyof F as F[K] extends Shape<unknown> ? K : never]: Parsed<F[K]>
} & {
  readonly [K in keyof F as F[K] extends Optional<unknown> ? K : never]?: F[K] extends Optional<infer T> ? T : never
}

/** An object that can also be parsed in part. */
export interface ObjectShape<F extends Fields> extends Shape<ValueOf<F>> {
  readonly fields: F
  /** The fields without fault; each faulty, unknown or missing one is an issue. */
  parseFields(value: unknown, at: Place, issues: PolicyIssue[]): Partial<ValueOf<F>> | undefined
}

/** An object with these keys and no others. Only its own properties are read. */
export function object<F extends Fields>(fields: F): ObjectShape<F> {
  const parseFields = (value: unknown, at: Place, issues: PolicyIssue[]): Partial<ValueOf<F>> | undefined => {
    if (!isPlainObject(value)) return report(issues, at, notA('an object', value))
    const { meant } = reportUnknownKeys(value, Object.keys(fields), at, issues)

    const parsed = Object.entries(fields).flatMap(([key, field]) => {
      const given = ownValue(value, key)
      const place = inside(at, key)
      if (given === undefined) {
        const missed = !('optional' in field) && !meant.has(key)
        if (missed) report(issues, place, `is missing: it must be ${field.noun}`)
        return []
      }
      const shape = 'optional' in field ? field.optional : field
      const result = shape.parse(given, place, issues)
      return result === undefined ? [] : [[key, result] as const]
    })
    return Object.fromEntries(parsed) as Partial<ValueOf<F>>
  }
  return {
    noun: 'an object',
    fields,
    takes: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    parseFields,
    parse(value, at, issues) {
      const before = issues.length
      const parsed = parseFields(value, at, issues)
      return issues.length > before ? undefined : (parsed as ValueOf<F> | undefined)
    },
    schema: () => objectSchema(fields),
  }
}

/** What a shape parses to. */
type Parsed<S> = S extends Shape<infer T> ? T : never

type Shapes = Readonly<Record<string, Shape<unknown>>>

/** One of several keys, with what its shape parses to. */
type KeyAndValue<S extends Shapes> = {
  [K in keyof S]: { readonly key: K; readonly value: Parsed<S[K]> }
}[keyof S]

/** An object with exactly one of these keys; gives that key and its value. */
export function oneKey<S extends Shapes>(shapes: S): Shape<KeyAndValue<S>> {
  const known = Object.keys(shapes)
  const noun = `an object with one of the keys ${known.map((key) => `\`${key}\``).join(', ')}`
  return {
    noun,
    takes: isPlainObject,
    parse(value, at, issues) {
      if (!isPlainObject(value)) return report(issues, at, notA(noun, value))
      if (reportUnknownKeys(value, known, at, issues).count > 0) return undefined
      const [key, second] = Object.keys(value)
      const shape = key === undefined ? undefined : shapes[key]
      if (key === undefined || shape === undefined || second !== undefined) return report(issues, at, `must be ${noun}`)
      const parsed = shape.parse(ownValue(value, key), inside(at, key), issues)
      return parsed === undefined ? undefined : ({ key, value: parsed } as KeyAndValue<S>)
    },
    schema: () => ({ oneOf: known.map((key) => objectSchema({ [key]: shapes[key] as Shape<unknown> })) }),
  }
}

/**
 * A list of at least one item. With `faulty: 'drop'` it gives the good items where some are faulty, so that checks
 * across them still run.
 */
export function list<T>(item: Shape<T>, { faulty = 'fail' }: { faulty?: 'fail' | 'drop' } = {}): Shape<readonly T[]> {
  return {
    noun: 'a list',
    takes: Array.isArray,
    parse(value, at, issues) {
      if (!Array.isArray(value)) return report(issues, at, notA('a list', value))
      if (value.length === 0) return report(issues, at, 'is an empty list: it must have at least one item')
      const before = issues.length
      const items = Array.from(value, (each: unknown, index) => item.parse(each, inside(at, index), issues))
      return issues.length > before && faulty === 'fail' ? undefined : items.filter((each) => each !== undefined)
    },
    schema: () => ({ type: 'array', items: item.schema(), minItems: 1 }),
  }
}

/** One item, or a list of them; gives a list. */
export function oneOrList<T>(item: Shape<T>): Shape<readonly T[]> {
  const items = list(item)
  return {
    noun: `${item.noun}, or a list`,
    takes: (value) => item.takes(value) || items.takes(value),
    parse(value, at, issues) {
      if (Array.isArray(value)) return items.parse(value, at, issues)
      const one = item.parse(value, at, issues)
      return one === undefined ? undefined : [one]
    },
    schema: () => ({ anyOf: [item.schema(), items.schema()] }),
  }
}

/** One of several shapes: the first that takes the value's kind parses it. */
export function union<const S extends readonly Shape<unknown>[]>(...shapes: S): Shape<Parsed<S[number]>> {
  const noun = shapes.map((shape) => shape.noun).join(' or ')
  return {
    noun,
    takes: (value) => shapes.some((shape) => shape.takes(value)),
    parse(value, at, issues) {
      const shape = shapes.find((each) => each.takes(value))
      return shape === undefined
        ? report(issues, at, notA(noun, value))
        : (shape.parse(value, at, issues) as Parsed<S[number]> | undefined)
    },
    schema: () => ({ anyOf: shapes.map((shape) => shape.schema()) }),
  }
}

/** An object whose keys are the user's own, and may be credentials: messages only count them. */
export function map<T>(item: Shape<T>): Shape<ReadonlyMap<string, T>> {
  return {
    noun: 'an object',
    takes: isPlainObject,
    parse(value, at, issues) {
      if (!isPlainObject(value)) return report(issues, at, notA('an object', value))
      const before = issues.length
      const entries = Object.keys(value).map((key, index) => {
        const place = insideUnnamed(at, key, index)
        if (key === '') report(issues, place, 'has an empty name')
        if (HOSTILE_KEYS.has(key)) report(issues, place, `\`${key}\` cannot be a key here`)
        return [key, item.parse(ownValue(value, key), place, issues)] as const
      })
      if (entries.length === 0) return report(issues, at, 'is empty: it must have at least one key')
      return issues.length > before ? undefined : new Map(entries as [string, T][])
    },
    schema: () => ({ type: 'object', additionalProperties: item.schema(), minProperties: 1 }),
  }
}

const HOSTILE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

function objectSchema(fields: Fields): JsonSchema {
  const required = Object.keys(fields).filter((key) => !('optional' in (fields[key] ?? {})))
  const properties = Object.entries(fields).map(([key, field]) => [
    key,
    ('optional' in field ? field.optional : field).schema(),
  ])
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  }
}

/** How many there are, and which known keys they probably mean. */
function reportUnknownKeys(
  value: object,
  known: readonly string[],
  at: Place,
  issues: PolicyIssue[],
): { count: number; meant: ReadonlySet<string> } {
  const unknown = Object.keys(value).filter((key) => !known.includes(key))
  const meant = new Set<string>()
  for (const key of unknown) {
    const nearestKnown = nearest(key, known)
    if (nearestKnown !== undefined) meant.add(nearestKnown)
    const help =
      nearestKnown === undefined ? `: the keys here are ${known.join(', ')}` : `, did you mean \`${nearestKnown}\`?`
    report(issues, inside(at, key), `unknown key${help}`)
  }
  return { count: unknown.length, meant }
}

/** The value of an own property. A getter is not run: it stands for itself, a function, which no shape takes. */
function ownValue(value: object, key: string): unknown {
  const property = Object.getOwnPropertyDescriptor(value, key)
  return property?.get ?? property?.value
}
