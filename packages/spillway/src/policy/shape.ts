import { nearest } from '../core/nearest.js'
import type { Place } from './place.js'
import { report } from './place.js'
import type { PolicyIssue } from './policy-error.js'

/** A JSON Schema (draft 2020-12), or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** What a value of a policy file looks like, said once: from it come its parser and its JSON Schema. */
export interface Shape<T> {
  /** For messages: `a whole number`. */
  readonly noun: string
  /** Whether a value is of this kind at all: that is how a union chooses. */
  takes(value: unknown): boolean
  /** The typed value, or `undefined` and at least one more issue. Never throws, whatever the value is. */
  parse(value: unknown, at: Place, issues: PolicyIssue[]): T | undefined
  schema(): JsonSchema
}

/** Text, by default not empty. `pattern` is matched whole; `hint` says in words what it wants. */
export function string(
  options: { noun?: string; pattern?: RegExp; hint?: string; min?: number; max?: number } = {},
): Shape<string> {
  const { noun = 'text', pattern, hint = `must match ${pattern?.source}`, min = 1, max = 65_536 } = options
  return {
    noun,
    takes: (value) => typeof value === 'string',
    parse(value, at, issues) {
      if (typeof value !== 'string') return report(issues, at, notA(noun, value))
      if (value.length < min) return report(issues, at, 'is empty')
      if (value.length > max) return report(issues, at, `is longer than ${max} characters`)
      return pattern === undefined || pattern.test(value) ? value : report(issues, at, hint)
    },
    schema: () => ({
      type: 'string',
      ...(min > 0 && { minLength: min }),
      ...(options.max !== undefined && { maxLength: max }),
      ...(pattern && { pattern: pattern.source }),
    }),
  }
}

/** A whole number from `min` to `max`, 2^53 - 1 unless said otherwise. */
export function integer({ min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number }): Shape<number> {
  const noun = 'a whole number'
  return {
    noun,
    takes: (value) => typeof value === 'number',
    parse(value, at, issues) {
      if (typeof value !== 'number' || !Number.isInteger(value)) return report(issues, at, notA(noun, value))
      if (value < min) return report(issues, at, `must be at least ${min}, not ${value}`)
      if (value > max) return report(issues, at, `must be at most ${max}, not ${value}`)
      return value
    },
    schema: () => ({ type: 'integer', minimum: min, ...(max < Number.MAX_SAFE_INTEGER && { maximum: max }) }),
  }
}

/** `true` or `false`. */
export function boolean(): Shape<boolean> {
  return {
    noun: 'true or false',
    takes: (value) => typeof value === 'boolean',
    parse: (value, at, issues) =>
      typeof value === 'boolean' ? value : report(issues, at, notA('true or false', value)),
    schema: () => ({ type: 'boolean' }),
  }
}

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Shape<Word> {
  const noun = words.length === 1 ? `\`${words[0]}\`` : `one of ${words.map((word) => `\`${word}\``).join(', ')}`
  return {
    noun,
    takes: (value) => typeof value === 'string' && words.some((word) => word === value),
    parse(value, at, issues) {
      if (typeof value !== 'string') return report(issues, at, notA(noun, value))
      const found = words.find((word) => word === value)
      if (found !== undefined) return found
      const meant = nearest(value, words)
      return report(issues, at, `must be ${noun}${meant === undefined ? '' : `: did you mean \`${meant}\`?`}`)
    },
    schema: () => ({ enum: words }),
  }
}

/** What another shape gives, made into something else. `make` reports what it finds wrong and then gives `undefined`. */
export function made<T, U>(
  shape: Shape<T>,
  make: (value: T, at: Place, issues: PolicyIssue[]) => U | undefined,
): Shape<U> {
  return {
    ...shape,
    parse(value, at, issues) {
      const parsed = shape.parse(value, at, issues)
      return parsed === undefined ? undefined : make(parsed, at, issues)
    },
  }
}

/** The same shape with what an editor shows beside it: a sentence, and more keywords such as `examples` and `default`. */
export function described<T>(shape: Shape<T>, description: string, more: JsonSchema = {}): Shape<T> {
  return { ...shape, schema: () => ({ ...shape.schema(), description, ...more }) }
}

/** For a JSON Schema: of these keys exactly one is there. */
export function exactlyOne(...keys: readonly string[]): JsonSchema {
  return { oneOf: keys.map((key) => ({ required: [key] })) }
}

/** `must be a whole number, not a list`: names the kind of the value, never the value of a text, which may be a secret. */
export function notA(noun: string, value: unknown): string {
  if (value === null || value === undefined) return `has no value: it must be ${noun}`
  return `must be ${noun}, not ${kindOf(value)}${quotesHelp(noun, value)}`
}

function kindOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return 'text'
  if (typeof value !== 'object') return `a ${typeof value}`
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Map) return 'a Map'
  if (value instanceof Date) return 'a date'
  return isPlainObject(value) ? 'an object' : 'an instance of a class'
}

function quotesHelp(noun: string, value: unknown): string {
  if (typeof value === 'string') {
    const unquoted = noun.includes('number') ? /^-?\d+(\.\d+)?$/ : /^(true|false)$/
    return /number|true/.test(noun) && unquoted.test(value.trim()) ? ': drop the quotes' : ''
  }
  const scalar = typeof value === 'number' || typeof value === 'boolean' || value instanceof Date
  return scalar && noun.startsWith('text') ? ': put it in quotes' : ''
}

/** Whether a value is an object of keys and values and nothing else: not a list, a Map, a Date or an instance of a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null) return true
  // An object of another realm has another Object.prototype: it is the one whose own prototype is null.
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'hasOwnProperty')
}
