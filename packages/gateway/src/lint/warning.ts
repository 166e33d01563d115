import type { Policy, Rule } from 'spillway'
import type { Keys } from '../policy-file/keys.js'
import { keysOf, pathOf } from '../policy-file/keys.js'
import { rulesOf } from '../policy-file/rules.js'

/** What is allowed in a policy and yet probably not meant. */
export interface Warning {
  /** As a person reads it: `rules[2].block`. */
  readonly path: string
  readonly keys: Keys
  /** What happens, and how to mend it. */
  readonly message: string
}

/** Looks at a sound policy for one kind of mistake. */
export type Lint = (policy: Policy) => readonly Warning[]

/** A warning about the value at these keys. */
export function warnAt(keys: Keys, message: string): Warning {
  return { path: pathOf(keys), keys, message }
}

/** A warning about a rule, or about one key of it. */
export function warnOf(rule: Rule, key: string | undefined, message: string): Warning {
  return warnAt([...keysOf(rule.place), ...(key === undefined ? [] : [key])], message)
}

/** A warning about one key of each rule of which there is something to say. */
export function warnEach(
  policy: Policy,
  key: string,
  messageOf: (rule: Rule) => string | undefined,
): readonly Warning[] {
  return rulesOf(policy).flatMap((rule) => {
    const message = messageOf(rule)
    return message === undefined ? [] : [warnOf(rule, key, message)]
  })
}
