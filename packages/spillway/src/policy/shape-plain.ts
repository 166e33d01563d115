import type { Place } from './place.js'
import { inside, report } from './place.js'
import type { PolicyIssue } from './policy-error.js'
import type { Shape } from './shape.js'
import { isPlainObject, notA } from './shape.js'

type PlainObject = Readonly<Record<string, unknown>>

const MOST_LEVELS = 8
const MOST_VALUES = 1_000

/**
 * An object of plain data (text, numbers, booleans, lists, objects) that somebody else knows more of: it is copied as
 * it is.
 */
export function plainData(): Shape<PlainObject> {
  return {
    noun: 'an object',
    takes: isPlainObject,
    parse(value, at, issues) {
      if (!isPlainObject(value)) return report(issues, at, notA('an object', value))
      const before = issues.length
      const copied = copy(value, at, issues, { depth: 0, budget: { left: MOST_VALUES } })
      return issues.length > before || !isPlainObject(copied) ? undefined : copied
    },
    schema: () => ({ type: 'object' }),
  }
}

interface Bounds {
  readonly depth: number
  /** How many values may still be copied, in the whole of it. */
  readonly budget: { left: number }
}

/** Bounded, so that a value that holds itself, once or many times over, comes to an end. */
function copy(value: unknown, at: Place, issues: PolicyIssue[], { depth, budget }: Bounds): unknown {
  budget.left -= 1
  if (budget.left === 0) report(issues, at, `is too much: no more than ${MOST_VALUES} values are read`)
  if (budget.left <= 0) return undefined
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return value
  if (depth === MOST_LEVELS) return report(issues, at, `lies more than ${MOST_LEVELS} levels deep`)

  const bounds = { depth: depth + 1, budget }
  if (Array.isArray(value)) return Array.from(value, (each, index) => copy(each, inside(at, index), issues, bounds))
  if (!isPlainObject(value)) return report(issues, at, notA('plain data', value))

  const entries = Object.entries(Object.getOwnPropertyDescriptors(value)).map(([key, property]) => {
    const place = inside(at, key)
    if (key === '__proto__') report(issues, place, '`__proto__` cannot be a key here')
    return [key, copy(property.get ?? property.value, place, issues, bounds)] as const
  })
  return Object.fromEntries(entries)
}
