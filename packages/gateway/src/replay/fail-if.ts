import { shortPercent } from '../spelling/numbers.js'
import type { ReplayResult } from './result.js'

const OUTCOMES = ['denied', 'blocked', 'refused'] as const
const OPERATORS = { '>': (a: number, b: number) => a > b, '>=': (a: number, b: number) => a >= b } as const

/** What of a result a condition may be about. */
type Judged = Pick<ReplayResult, 'requests' | (typeof OUTCOMES)[number] | 'unparsed'>

/** A condition under which a replay fails: `denied.clients > 0.1%`. */
export interface Condition {
  /** As the caller wrote it. */
  readonly text: string
  /** What it came to, where it is met: `0.3 %`; absent where it is not. */
  met(result: Judged): string | undefined
}

const CONDITION = /^\s*([a-z]+)\.([a-z]+)\s*(>=?)\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/i

/**
 * Reads a condition: `denied`, `blocked` or `refused`, a dot, `clients` or `requests`, `>` or `>=`, and a number, or a
 * share of all in per cent. `unparsed.lines` is known too. Throws a `RangeError` that says what is wrong.
 */
export function parseCondition(text: string): Condition {
  const [, what = '', of = '', operator = '', limit = '', percent = ''] = CONDITION.exec(text) ?? []
  const isShare = percent === '%'
  const figure = figureOf(what, of, isShare)
  if (figure === undefined || !(operator === '>' || operator === '>=')) {
    throw new RangeError(
      'a condition is such as "denied.clients > 0.1%" or "refused.requests > 100": denied, blocked or refused, .clients or .requests',
    )
  }
  // Read as a decimal, as 0.7 / 100 is not the number that 7 / 1000 is.
  const bound = Number(isShare ? `${limit}e-2` : limit)
  return {
    text: text.trim(),
    met(result) {
      const found = figure(result)
      if (!OPERATORS[operator](found, bound)) return undefined
      return isShare ? shortPercent(found) : String(found)
    },
  }
}

function figureOf(what: string, of: string, isShare: boolean): ((result: Judged) => number) | undefined {
  if (what === 'unparsed' && of === 'lines') {
    return ({ unparsed: { lines }, requests }) => (isShare ? lines / Math.max(1, lines + requests) : lines)
  }
  const outcome = OUTCOMES.find((name) => name === what)
  if (outcome === undefined) return undefined
  if (of === 'clients') return (result) => (isShare ? result[outcome].clientShare : result[outcome].clients)
  if (of === 'requests') return (result) => (isShare ? result[outcome].requestShare : result[outcome].requests)
  return undefined
}
