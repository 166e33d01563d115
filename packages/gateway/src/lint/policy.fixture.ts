import type { Policy } from 'spillway'
import { parsePolicy } from 'spillway'
import { re2 } from 'spillway/regex'
import { parse } from 'yaml'

/** The policy that a YAML text holds, for tests. */
export function policyOf(text: string): Policy {
  return parsePolicy(parse(text), { regex: re2 })
}
