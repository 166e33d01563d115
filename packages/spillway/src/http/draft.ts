import type { Quota } from '../core/quota.js'
import type { Rule } from '../policy/policy.js'
import type { RuleDecision } from '../verdict.js'
import type { FieldSerialiser, Telling } from './fields.js'
import { tellsFigures, wholeSeconds } from './fields.js'

/**
 * `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4: a list of structured
 * items (RFC 9651), one for each quota of each decision, named by `Rule.quotaNames`. `q` is the limit (of a token
 * bucket too, though it may hold more), `w` the window in seconds, absent where a calendar draws it; `r` is what
 * remains, `t` the seconds until more does.
 */
export const draft11: FieldSerialiser = (decisions) => {
  const told = decisions.every(tellsFigures) ? decisions : decisions.filter(tellsFigures)
  if (told.length === 0) return []
  const { policy, starts } = wordingOf(told)
  return [
    ['RateLimit-Policy', policy],
    ['RateLimit', standingOf(told, starts)],
  ]
}

/** What the fields say, on every request, of the rules that decide it. */
interface Wording {
  readonly rules: readonly Rule[]
  /** The whole of `RateLimit-Policy`. */
  readonly policy: string
  /** For each quota of each rule what stands in `RateLimit` before its figures. */
  readonly starts: readonly string[]
}

/**
 * Wordings by the first of their rules. The same rules decide most requests together, and a text that is at hand is
 * checked by a server in half the time of one that was just put together.
 */
const wordings = new WeakMap<Rule, Wording[]>()

/** So many wordings are kept with each first rule: others may follow it in many combinations, as clients choose. */
const MOST_WORDINGS = 16

function wordingOf(decisions: readonly Telling[]): Wording {
  const first = (decisions[0] as Telling).rule
  const known = wordings.get(first) ?? []
  for (const wording of known) if (isOf(wording, decisions)) return wording

  const wording = newWording(decisions.map(({ rule }) => rule))
  wordings.set(first, known.length < MOST_WORDINGS ? [...known, wording] : [wording])
  return wording
}

function isOf({ rules }: Wording, decisions: readonly RuleDecision[]): boolean {
  if (rules.length !== decisions.length) return false
  for (let i = 0; i < rules.length; i++) if (rules[i] !== decisions[i]?.rule) return false
  return true
}

function newWording(rules: readonly Rule[]): Wording {
  const items = rules.flatMap(({ quotas, quotaNames }) =>
    quotas.map(({ quota }, i) => ({ name: quotedString(quotaNames[i] as string), quota })),
  )
  return {
    rules,
    policy: items.map(({ name, quota }) => `${name};${policyOf(quota)}`).join(', '),
    starts: items.map(({ name }, i) => `${i === 0 ? '' : ', '}${name};r=`),
  }
}

function policyOf(quota: Quota): string {
  const limit = `q=${integer(quota.limit)}`
  return 'window' in quota ? `${limit};w=${integer(wholeSeconds(quota.window))}` : limit
}

function standingOf(decisions: readonly Telling[], starts: readonly string[]): string {
  let text = ''
  let item = 0
  for (const { decision } of decisions) {
    for (const { remaining, resetAfter } of decision.quotas) {
      text += `${starts[item]}${integer(remaining)};t=${integer(wholeSeconds(resetAfter))}`
      item++
    }
  }
  return text
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
