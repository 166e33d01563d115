/** Tells which paths a rule is for. */
export interface PathMatcher {
  /** As the policy spells it. */
  readonly source: string
  /** `pattern` is `/users/:id`, `/static/*`, `/static/**`; `regex` matches from the start of the path. */
  readonly syntax: 'pattern' | 'regex'
  /** Whether a normal path (`normalisePath(…).matched`) is meant. */
  test(path: string): boolean
}

/** Runs the regular expressions of rules in time linear in the path. `re2` of `spillway/regex` is one. */
export interface RegexEngine {
  /**
   * Makes a test that is anchored at the start of the path, not at its end. Throws `SyntaxError` for what the engine
   * cannot read or cannot run in linear time.
   */
  compile(source: string, options: { readonly ignoreCase: boolean }): (path: string) => boolean
}
