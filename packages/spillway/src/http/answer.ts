import type { RequestDescription } from '../identity/identity.js'
import type { AnswerOptions, DeniedContent, RuleDecision, Verdict } from '../verdict.js'
import { draft11 } from './draft.js'
import type { Field } from './fields.js'
import { EXPOSED } from './fields.js'
import { legacy } from './legacy.js'
import type { Problem, Refusal } from './problem.js'
import { problemOf } from './problem.js'

/** What a verdict means in HTTP: fields to put on the application's answer, or a whole answer in its place. */
export type Answer =
  | { readonly kind: 'pass'; readonly fields: readonly Field[] }
  | {
      readonly kind: 'refuse'
      readonly status: number
      readonly fields: readonly Field[]
      /** Absent for a HEAD request. */
      readonly body: string | undefined
    }

/** Says a verdict in HTTP. Shadow rules leave no trace in it. */
export function answerOf(verdict: Verdict, request: RequestDescription, options: AnswerOptions): Answer {
  switch (verdict.kind) {
    case 'allow':
      return { kind: 'pass', fields: exposed(limitFields(verdict.decisions, undefined, options), request) }
    case 'undecided':
      return verdict.onStoreFailure === 'allow' ? { kind: 'pass', fields: [] } : refuse(verdict, request, options)
    case 'deny':
    case 'unidentified':
    case 'malformed':
      return refuse(verdict, request, options)
  }
}

function refuse(verdict: Refusal, request: RequestDescription, options: AnswerOptions): Answer {
  const problem = problemOf(verdict, options.status)
  const { contentType, content } = bodyOf(verdict, problem, options.body)
  const figures = verdict.kind === 'deny' ? limitFields(verdict.decisions, verdict.decisive, options) : []
  const wait = problem['retry-after']
  const fields: Field[] = [
    ...exposed(wait === undefined ? figures : [...figures, ['Retry-After', String(wait)]], request),
    ...(verdict.kind === 'unidentified' ? CHALLENGE : []),
    ['Cache-Control', 'no-store'],
    ['Content-Type', contentType],
  ]
  return { kind: 'refuse', status: problem.status, fields, body: request.method === 'HEAD' ? undefined : content }
}

const CHALLENGE: readonly Field[] = [['WWW-Authenticate', 'Bearer']]

/** The fields that tell where the client stands, in the generations that the policy wants. */
function limitFields(
  decisions: readonly RuleDecision[],
  decisive: RuleDecision | undefined,
  { headers }: AnswerOptions,
): readonly Field[] {
  switch (headers) {
    case 'draft':
      return draft11(decisions, decisive)
    case 'legacy':
      return legacy(decisions, decisive)
    case 'both':
      return [...draft11(decisions, decisive), ...legacy(decisions, decisive)]
    case 'none':
      return []
  }
}

/** The fields with one more that lets a script of another origin read them. */
function exposed(fields: readonly Field[], request: RequestDescription): readonly Field[] {
  if (fields.length === 0 || request.header('origin') === undefined) return fields
  return [...fields, [EXPOSED, fields.map(([name]) => name).join(', ')]]
}

function bodyOf(verdict: Refusal, problem: Problem, body: AnswerOptions['body']): DeniedContent {
  if (body === 'text') return { content: `${problem.detail}\n`, contentType: 'text/plain; charset=utf-8' }
  if (body !== 'problem' && verdict.kind === 'deny') return body
  return { content: JSON.stringify(problem), contentType: 'application/problem+json' }
}
