/** Tells which paths a rule is for. */
export interface PathMatcher {
  /** As the policy spells it. */
  readonly source: string
  /** `pattern` is `/users/:id`, `/static/*`, `/static/**`; `regex` matches from the start of the path. */
  readonly syntax: 'pattern' | 'regex'
  /** Whether a normal path (`normalisePath(…).matched`) is meant. */
  test(path: string): boolean
}
