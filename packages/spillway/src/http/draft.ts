import type { QuotaStanding } from '../core/decision.js'
import type { Quota } from '../core/quota.js'
import type { Rule } from '../policy/policy.js'
import type { FieldSerialiser } from './fields.js'
import { wholeSeconds } from './fields.js'

/**
 * `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4: a list of structured
 * items (RFC 9651), one for each quota of each decision, named by `Rule.quotaNames`. `q` is the limit (of a token
 * bucket too, though it may hold more), `w` the window in seconds, absent where a calendar draws it; `r` is what
 * remains, `t` the seconds until more does.
 */
export const draft11: FieldSerialiser = {
  append(fields, decisions) {
    let policy = ''
    let standing = ''
    for (const { rule, decision } of decisions) {
      if (decision.kind === 'unknown' || decision.quotas.length === 0) continue
      const constant = constantOf(rule)
      if (policy !== '') {
        policy += ', '
        standing += ', '
      }
      policy += constant.policy
      standing += standingOf(constant.names, decision.quotas)
    }
    if (policy !== '') fields.push(['RateLimit-Policy', policy], ['RateLimit', standing])
  },
}

/** What the fields say of a rule on every request. */
interface Constant {
  /** The rule's items of `RateLimit-Policy`. */
  readonly policy: string
  /** For each quota the start of its item of `RateLimit`, up to the figure. */
  readonly names: readonly string[]
}

const constants = new WeakMap<Rule, Constant>()

function constantOf(rule: Rule): Constant {
  const known = constants.get(rule)
  if (known !== undefined) return known
  const names = rule.quotaNames.map(quotedString)
  const policy = rule.quotas.map(({ quota }, i) => `${names[i]};${policyOf(quota)}`).join(', ')
  const constant = { policy, names: names.map((name) => `${name};r=`) }
  constants.set(rule, constant)
  return constant
}

function policyOf(quota: Quota): string {
  const limit = `q=${integer(quota.limit)}`
  return 'window' in quota ? `${limit};w=${integer(wholeSeconds(quota.window))}` : limit
}

function standingOf(names: readonly string[], quotas: readonly QuotaStanding[]): string {
  let items = ''
  for (let i = 0; i < quotas.length; i++) {
    const { remaining, resetAfter } = quotas[i] as QuotaStanding
    if (i > 0) items += ', '
    items += `${names[i]}${integer(remaining)};t=${integer(wholeSeconds(resetAfter))}`
  }
  return items
}

/** The largest integer of a structured field: 15 digits (RFC 9651, 3.3.1). */
const LARGEST_INTEGER = 999_999_999_999_999

function integer(value: number): number {
  return Math.min(value, LARGEST_INTEGER)
}

/** A structured field's string (RFC 9651, 3.3.3). It holds printable ASCII only: any other character becomes `?`. */
function quotedString(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, '?').replace(/[\\"]/g, '\\$&')}"`
}
