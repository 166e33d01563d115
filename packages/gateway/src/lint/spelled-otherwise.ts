import type { Policy } from 'spillway'
import { isWild, readMatcher } from './cover.js'
import { knownGroups } from './groups.js'
import { takeAllOf, takes } from './takers.js'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'

/** May stand in a path as they are (RFC 3986, 3.3). Escaped they are another path to the rules: normal paths keep such escapes. */
const RESERVED = /[!$&'()+,:=@]/g

/**
 * A path that a client may spell with an escape, so that the rule does not match, and that most services decode to the
 * same. Where other rules of the layer limit that spelling too, nobody passes without a limit.
 */
export function spelledOtherwise(policy: Policy): readonly Warning[] {
  const known = knownGroups(policy)
  return policy.layers.flatMap(({ rules }) => {
    const limiting = rules.filter((rule) => rule.quotas.length > 0)
    return limiting.flatMap((rule) => {
      const segments = readMatcher(rule.matches, policy.strictPaths).segments ?? []
      const character = reservedIn(segments)
      if (character === undefined) return []
      const other = escaped(segments)
      const takers = limiting.filter((each) => takes(each) && each.matches.test(other))
      return takeAllOf(takers, rule, known) ? [] : [warnOf(rule, 'path', messageOf(character, rule.zone.name))]
    })
  })
}

function reservedIn(segments: readonly string[]): string | undefined {
  const [character] =
    segments
      .filter((segment) => !isWild(segment))
      .join('')
      .match(RESERVED) ?? []
  return character
}

/** A path of these segments, with all that is reserved in them escaped. */
function escaped(segments: readonly string[]): string {
  return `/${segments.map((segment) => (isWild(segment) ? 'x' : segment.replace(RESERVED, escapeOf))).join('/')}`
}

function messageOf(character: string, zone: string): string {
  return (
    `a client may write ${character} as ${escapeOf(character)}, which is another path here and the same one to most ` +
    `services: give that spelling a rule of zone ${zone} too, or put a variable such as :name in its place`
  )
}

function escapeOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
