import type { ReplayResult } from './result.js'

const OUTCOMES = ['denied', 'blocked', 'refused'] as const
const OPERATORS = { '>': (a: number, b: number) => a > b, '>=': (a: number, b: number) => a >= b } as const

/** A condition under which a replay fails: `denied.clients > 0.1%`. */
export interface Condition {
  /** As the caller wrote it. */
  readonly text: string
  /** What it came to, where it is met: `0.3 %`; absent where it is not. */
  met(result: ReplayResult): string | undefined
}

const CONDITION = /^\s*([a-z]+)\.([a-z]+)\s*(>=?)\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/i

/**
 * Reads a condition: `denied`, `blocked` or `refused`, a dot, `clients` or `requests`, `>` or `>=`, and a number, or a
 * share of all in per cent. `unparsed.lines` is known too. Throws a `RangeError` that says what is wrong.
 */
export function parseCondition(text: string): Condition {
  const [, what = '', of = '', operator = '', limit = '', percent = ''] = CONDITION.exec(text) ?? []
  const value = figureOf(what, of, percent === '%')
  if (value === undefined || !(operator === '>' || operator === '>=')) {
    throw new RangeError(
      'a condition is such as "denied.clients > 0.1%" or "refused.requests > 100": denied, blocked or refused, .clients or .requests',
    )
  }
  return {
    text: text.trim(),
    met(result) {
      const found = value(result)
      if (!OPERATORS[operator](found, Number(limit))) return undefined
      return percent === '%' ? `${Number(found.toPrecision(3))} %` : String(found)
    },
  }
}

function figureOf(what: string, of: string, share: boolean): ((result: ReplayResult) => number) | undefined {
  if (what === 'unparsed' && of === 'lines') {
    return ({ unparsed: { lines }, requests }) => (share ? (100 * lines) / Math.max(1, lines + requests) : lines)
  }
  const outcome = OUTCOMES.find((name) => name === what)
  if (outcome === undefined) return undefined
  if (of === 'clients') return (result) => (share ? 100 * result[outcome].clientShare : result[outcome].clients)
  if (of === 'requests') return (result) => (share ? 100 * result[outcome].requestShare : result[outcome].requests)
  return undefined
}
