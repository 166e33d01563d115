/** A fault of a policy file: where it is, and how to mend it. */
export interface PolicyIssue {
  /**
   * As a person reads it: `rules[2].quotas[0]`. A credential that is a key is never shown, only counted. `policy`: the
   * whole.
   */
  readonly path: string
  readonly message: string
  /** The same place, key by key, for finding its line in the file. */
  readonly keys: readonly (string | number)[]
}

/** A policy that cannot be used. Its message lists every fault. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
  /** In the order of the checks; at least one. */
  readonly issues: readonly PolicyIssue[]

  constructor(issues: readonly PolicyIssue[]) {
    super(issues.map(({ path, message }) => `${path}: ${message}`).join('\n'))
    this.issues = issues
  }
}
