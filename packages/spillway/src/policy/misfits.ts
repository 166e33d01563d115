import type { Rule } from './policy.js'

/** What of a request a rule is not for, and what it wants instead. */
export interface Misfit {
  readonly what: 'path' | 'method' | 'group' | 'preflight'
  /** The rule's own words: a pattern, its methods, its groups; of a preflight the method that must be named. */
  readonly wants: string
}

/**
 * Why a rule is not for a request, whatever its mode: empty where it is. The same question as a `RuleLookup` answers, and
 * with the same arguments; a randomised test holds the two together.
 */
export function misfits(
  { matches, methods, groups }: Rule,
  path: string,
  method: string,
  group: string,
  preflight: boolean,
): readonly Misfit[] {
  const found: Misfit[] = []
  if (!matches.test(path)) found.push({ what: 'path', wants: matches.source })
  if (preflight && !methods?.has('OPTIONS')) found.push({ what: 'preflight', wants: 'OPTIONS' })
  else if (methods !== undefined && !methods.has(method)) found.push({ what: 'method', wants: [...methods].join(', ') })
  if (groups !== undefined && !groups.has(group)) found.push({ what: 'group', wants: [...groups].join(', ') })
  return found
}
