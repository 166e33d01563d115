import { LARGEST_LIMIT } from '../../core/quota-bounds.js'
import type { Micros, Units } from '../../core/units.js'
import { DAY, HOUR, MINUTE, SECOND } from '../../core/units.js'
import type { RegexEngine } from '../../policy/path-matcher.js'
import type { PathRegex } from '../../policy/path-regex.js'
import { pathRegex } from '../../policy/path-regex.js'
import type { Place } from '../../policy/place.js'
import { inside, report } from '../../policy/place.js'
import type { PolicyIssue } from '../../policy/policy-error.js'
import type { Shape } from '../../policy/shape.js'
import { integer, isPlainObject, made, notA, string } from '../../policy/shape.js'
import { list, object, optional } from '../../policy/shape-composite.js'
import { faultIn } from '../../policy/shape-text.js'

/** Patterns in order, each with its rules, as the Python package asgi-ratelimit takes them. */
export type AsgiConfig = Readonly<Record<string, readonly AsgiRule[]>>

/** A `Rule` of that package, with the names that it has there. Without any window it is unlimited. */
export interface AsgiRule {
  /** The limit of each second, a whole number from 1; so of the other windows. */
  readonly second?: Units
  readonly minute?: Units
  readonly hour?: Units
  readonly day?: Units
  /** In 31 days. */
  readonly month?: Units
  /** Default `default`. */
  readonly group?: string
  /** Letter case plays no part. Default `*`: every method. */
  readonly method?: string
  /** Default: the path that is asked for. */
  readonly zone?: string
  /** In seconds. */
  readonly block_time?: number
}

/** The names of the windows, in the order in which that package looks at them. */
export const WINDOWS = ['second', 'minute', 'hour', 'day', 'month'] as const

/** One of the windows that a rule may have a limit for. */
export type WindowName = (typeof WINDOWS)[number]

/** How long each of them is. */
export const LENGTHS: Readonly<Record<WindowName, Micros>> = {
  second: SECOND,
  minute: MINUTE,
  hour: HOUR,
  day: DAY,
  month: 31 * DAY,
}

/** A rule, with its defaults. */
export interface ReadRule {
  readonly place: Place
  readonly limits: Readonly<Partial<Record<WindowName, Units>>>
  readonly group: string
  /** In upper case, or `*`. */
  readonly method: string
  readonly zone: string | undefined
  readonly blockFor: Micros | undefined
}

/** A pattern with its rules. */
export interface ReadPattern {
  readonly place: Place
  readonly matches: PathRegex
  readonly rules: readonly ReadRule[]
}

const ONE_HUNDRED_YEARS = 100 * 365 * 86_400
const count = integer({ min: 1, max: LARGEST_LIMIT })
const method = string({
  pattern: /^(\*|[A-Za-z-]+)$/,
  hint: 'is not a method: write one such as "get", or "*"',
  max: 64,
})

const ruleObject = object({
  second: optional(count),
  minute: optional(count),
  hour: optional(count),
  day: optional(count),
  month: optional(count),
  group: optional(string({ max: 256 })),
  method: optional(made(method, (value) => value.toUpperCase())),
  zone: optional(string({ max: 256 })),
  block_time: optional(integer({ min: 1, max: ONE_HUNDRED_YEARS })),
})

const rule: Shape<ReadRule> = made(ruleObject, (value, place) => {
  const { group = 'default', method: asked = '*', zone, block_time: seconds, ...limits } = value
  return { place, limits, group, method: asked, zone, blockFor: seconds === undefined ? undefined : seconds * SECOND }
})

const rules = list(rule)

/** How patterns are run. */
interface PatternOptions {
  readonly regex: RegexEngine
  /** Whether letter case tells paths apart. */
  readonly strict: boolean
}

/** Reads a configuration. Each fault is an issue with its place; what is left has none. */
export function readConfig(
  config: unknown,
  at: Place,
  options: PatternOptions,
  issues: PolicyIssue[],
): readonly ReadPattern[] {
  if (!isPlainObject(config)) return report(issues, at, notA('an object of patterns', config)) ?? []
  return Object.keys(config).flatMap((pattern) => {
    const place = inside(at, pattern)
    const read = rules.parse(config[pattern], place, issues)
    const matches = matcher(pattern, place, options, issues)
    return read === undefined || matches === undefined ? [] : [{ place, matches, rules: read }]
  })
}

function matcher(
  pattern: string,
  place: Place,
  { regex, strict }: PatternOptions,
  issues: PolicyIssue[],
): PathRegex | undefined {
  try {
    return pathRegex(pattern, regex, { strict })
  } catch (error) {
    return report(issues, place, faultIn(error))
  }
}
