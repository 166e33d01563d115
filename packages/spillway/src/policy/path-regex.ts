import type { PathMatcher, RegexEngine } from './path-matcher.js'

/** A regular expression of a rule. */
export interface PathRegex extends PathMatcher {
  readonly syntax: 'regex'
}

/**
 * A regular expression of a rule, run by `engine` on the normal path, from its start and not to its end: `/user/\d+` is
 * for `/user/5/posts` too. Letter case plays no part unless `strict`. Throws `SyntaxError`, which says how to mend it,
 * for what the engine refuses and for an expression that begins with a letter, as paths begin with a slash.
 */
export function pathRegex(source: string, engine: RegexEngine, options: { readonly strict: boolean }): PathRegex {
  if (/^[A-Za-z0-9](?![*?{])/.test(source) && !source.includes('|')) {
    throw new SyntaxError(
      `the regex ${JSON.stringify(source)} can never match: it is held against the start of the path, which is a slash`,
    )
  }
  return Object.freeze({ source, syntax: 'regex', test: engine.compile(source, { ignoreCase: !options.strict }) })
}
