import type { Quota } from '../core/quota.js'
import { quotas } from '../core/quota-parser.js'
import type { QuotaText } from './rule-functions.js'

/** Reads quotas as a rule takes them: none where they say `unlimited`. Throws a `QuotaSyntaxError`, a `TypeError` for what is no text. */
export function readQuotas(text: QuotaText): readonly Quota[] {
  if (text === 'unlimited') return []
  const texts: readonly unknown[] = Array.isArray(text) ? text : [text]
  if (texts.length === 0) throw new TypeError('a list of quotas must have at least one item')
  return texts.flatMap((each) => {
    if (typeof each === 'string') return quotas(each)
    throw new TypeError(`quotas must be text such as 10/minute, not ${typeof each}`)
  })
}
