import type { Policy } from 'spillway'
import { isWild, readMatcher } from './cover.js'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'

/** May stand in a path as they are (RFC 3986, 3.3). Escaped they are another path to the rules: normal paths keep such escapes. */
const RESERVED = /[!$&'()+,:=@]/g

/**
 * A path that a client may spell with an escape, so that the rule does not match, and that most services decode to the
 * same. Where another rule limits that spelling too, nobody passes without a limit.
 */
export function spelledOtherwise({ layers, strictPaths }: Policy): readonly Warning[] {
  return layers.flatMap(({ rules }) =>
    rules.flatMap((rule) => {
      const segments = readMatcher(rule.matches, strictPaths).segments ?? []
      const [character] =
        segments
          .filter((segment) => !isWild(segment))
          .join('')
          .match(RESERVED) ?? []
      if (character === undefined || rule.quotas.length === 0) return []
      const other = `/${segments.map((segment) => (isWild(segment) ? 'x' : segment.replace(RESERVED, escapeOf))).join('/')}`
      if (rules.some((each) => each.quotas.length > 0 && each.matches.test(other))) return []
      return [warnOf(rule, 'path', messageOf(character, rule.zone.name))]
    }),
  )
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
