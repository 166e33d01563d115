import { parsePolicy } from './parse-policy.js'
import { PolicyError } from './policy-error.js'
import { re2 } from './regex.js'

/** A rule without fault. */
export const towns = { path: '/towns', quotas: '1/second' }

/** A policy of rules like `towns`, each with its changes. */
export const rules = (...changes: object[]) => ({ rules: changes.map((change) => ({ ...towns, ...change })) })

/** A policy without fault, with more keys at the top. */
export const top = (more: object) => ({ rules: [towns], ...more })

/** What `parsePolicy` finds wrong, as `PATH: MESSAGE`. */
export function faultsOf(input: unknown): readonly string[] {
  try {
    parsePolicy(input, { regex: re2 })
    return []
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return error.issues.map(({ path, message }) => `${path}: ${message}`)
  }
}
