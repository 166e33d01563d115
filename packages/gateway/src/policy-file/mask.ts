import type { Keys } from './keys.js'
import type { PlacedVariable } from './plain-value.js'

/** Values shorter than this are hidden only in messages about their own place: elsewhere they are just letters. */
const TELLING = 4

/**
 * A message without the values of environment variables: any of them may be a secret. Where a message holds only a part
 * of one, nothing but the variable's name is left of it.
 */
export function mask(message: string, keys: Keys, variables: readonly PlacedVariable[]): string {
  const longestFirst = [...variables].sort((a, b) => b.value.length - a.value.length)
  let masked = message
  for (const variable of longestFirst) {
    const near = concerns(variable.keys, keys)
    if (variable.value === '' || (!near && variable.value.length < TELLING)) continue
    for (const spelling of spellings(variable.value)) masked = masked.replaceAll(spelling, `\${${variable.name}}`)
    if (near && showsPart(masked, variable.value))
      return `the value that \${${variable.name}} gives does not fit here (it is not shown, as it may be a secret)`
  }
  return masked
}

/** As it is, inside quotes, and as a number. */
function spellings(value: string): string[] {
  const number = String(Number(value))
  return [value, JSON.stringify(value).slice(1, -1), ...(number === 'NaN' || number === value ? [] : [number])]
}

/** Whether four letters in a row of the value are left. */
function showsPart(message: string, value: string): boolean {
  const lower = message.toLowerCase()
  for (let start = 0; start + TELLING <= value.length; start++) {
    if (lower.includes(value.slice(start, start + TELLING).toLowerCase())) return true
  }
  return false
}

function concerns(a: Keys, b: Keys): boolean {
  const shared = Math.min(a.length, b.length)
  return a.slice(0, shared).every((key, index) => key === b[index])
}
