import type { Policy } from 'spillway'
import type { Warning } from './warning.js'
import { warnEach } from './warning.js'

/** An expression that asks for what no path has, as it is brought into its normal form first. */
export function unmatchedExpression(policy: Policy): readonly Warning[] {
  return warnEach(policy, 'regex', ({ matches: { syntax, source } }) =>
    syntax === 'regex' ? misfit(source, policy.strictPaths) : undefined,
  )
}

function misfit(source: string, strictPaths: boolean): string | undefined {
  // What is escaped by a backslash that is escaped itself is not; a class of several, and what may be left out, ask for none.
  const plain = source
    .replaceAll('\\\\', '')
    .replace(/\[(?:\^(?:\\.|[^\]\\])*|(?:\\.|[^\]\\]){2,})\]/g, '.')
    .replace(/\([^()]*\)[?*]/g, '')
  const [, escaped, bracketed, bare] = /\\([?#;])|\[([?#;])\]|([#;])/.exec(plain) ?? []
  const asked = escaped ?? bracketed ?? bare
  if (asked !== undefined) {
    return `asks for ${asked}, which no path has: it is held against the path alone, without query and parameters`
  }
  if (plain.includes('//')) return 'asks for //, which no path has: doubled slashes are read as one'
  if (!strictPaths && /.\/\$$/.test(plain) && !/^\^?\/\$$/.test(plain)) {
    return 'asks for a slash at the end, which no path has here: leave it out, or say `strictPaths: true`'
  }
  return undefined
}
