import type { PolicyIssue } from './policy-error.js'

/** Where in a policy file a value stands. */
export interface Place {
  /** As a person reads it: `rules[2].quotas[0]`; empty for the whole file. */
  readonly path: string
  /** Key by key. */
  readonly keys: readonly (string | number)[]
}

/** The whole file. */
export const wholeFile: Place = { path: '', keys: [] }

/** The place of a key of an object, or of an item of a list. */
export function inside(place: Place, key: string | number): Place {
  return { path: place.path + step(key, place.path === ''), keys: [...place.keys, key] }
}

/** The place under a key that may be a credential: a message shows only its number. */
export function insideUnnamed(place: Place, key: string, index: number): Place {
  return { path: `${place.path}[${index}]`, keys: [...place.keys, key] }
}

/** Adds a fault. Gives `undefined`, so that a parser can return it. */
export function report(issues: PolicyIssue[], { path, keys }: Place, message: string): undefined {
  issues.push({ path, message, keys })
}

function step(key: string | number, first: boolean): string {
  if (typeof key === 'number') return `[${key}]`
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `[${JSON.stringify(shortened(key))}]`
  return first ? key : `.${key}`
}

function shortened(key: string): string {
  return key.length > 40 ? `${key.slice(0, 40)}…` : key
}
