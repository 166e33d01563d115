import type { Place } from './place.js'
import { inside, report } from './place.js'
import type { PolicyIssue } from './policy-error.js'
import type { Shape } from './shape.js'
import { isPlainObject, notA } from './shape.js'

type PlainObject = Readonly<Record<string, unknown>>

const deepest = 8

/** An object of plain data (text, numbers, booleans, lists, objects) that somebody else knows more of: it is copied as it is. */
export function plainData(noun = 'an object'): Shape<PlainObject> {
  return {
    noun,
    takes: isPlainObject,
    parse(value, at, issues) {
      if (!isPlainObject(value)) return report(issues, at, notA(noun, value))
      const before = issues.length
      const copied = copy(value, at, issues, 0)
      return issues.length > before || !isPlainObject(copied) ? undefined : copied
    },
    schema: () => ({ type: 'object' }),
  }
}

/** Bounded in depth, so that a value that holds itself comes to an end. */
function copy(value: unknown, at: Place, issues: PolicyIssue[], depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return value
  if (depth === deepest) return report(issues, at, `lies more than ${deepest} levels deep`)
  if (Array.isArray(value)) return Array.from(value, (each, index) => copy(each, inside(at, index), issues, depth + 1))
  if (!isPlainObject(value)) return report(issues, at, notA('plain data', value))

  const entries = Object.entries(Object.getOwnPropertyDescriptors(value)).map(([key, property]) => {
    const place = inside(at, key)
    if (key === '__proto__') report(issues, place, '`__proto__` cannot be a key here')
    return [key, copy(property.get ?? property.value, place, issues, depth + 1)] as const
  })
  return Object.fromEntries(entries)
}
