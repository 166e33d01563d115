import type { RequestDescription } from '../identity/identity.js'
import type { Policy } from '../policy/policy.js'
import type { AnswerOptions, DeniedContent, RuleDecision, Verdict } from '../verdict.js'
import { draft11 } from './draft.js'
import type { Field, FieldSerialiser } from './fields.js'
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

const SERIALISERS: Readonly<Record<Policy['headers'], readonly FieldSerialiser[]>> = {
  draft: [draft11],
  legacy: [legacy],
  both: [draft11, legacy],
  none: [],
}

/** Says a verdict in HTTP. Shadow rules leave no trace in it. */
export function answerOf(verdict: Verdict, request: RequestDescription, options: AnswerOptions): Answer {
  switch (verdict.kind) {
    case 'allow': {
      const fields = standing(verdict.decisions, undefined, options)
      expose(fields, request)
      return { kind: 'pass', fields }
    }
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
  const fields = verdict.kind === 'deny' ? standing(verdict.decisions, verdict.decisive, options) : []
  if (problem['retry-after'] !== undefined) fields.push(['Retry-After', String(problem['retry-after'])])
  expose(fields, request)
  if (verdict.kind === 'unidentified') fields.push(['WWW-Authenticate', 'Bearer'])
  fields.push(['Cache-Control', 'no-store'], ['Content-Type', contentType])
  return { kind: 'refuse', status: problem.status, fields, body: request.method === 'HEAD' ? undefined : content }
}

function standing(
  decisions: readonly RuleDecision[],
  decisive: RuleDecision | undefined,
  options: AnswerOptions,
): Field[] {
  const fields: Field[] = []
  for (const serialiser of SERIALISERS[options.headers]) serialiser.append(fields, decisions, decisive)
  return fields
}

/** Lets a script of another origin read the fields (Fetch standard, CORS protocol). */
function expose(fields: Field[], request: RequestDescription): void {
  if (fields.length === 0 || request.header('origin') === undefined) return
  fields.push(['Access-Control-Expose-Headers', fields.map(([name]) => name).join(', ')])
}

function bodyOf(verdict: Refusal, problem: Problem, body: AnswerOptions['body']): DeniedContent {
  if (body === 'text') return { content: `${problem.detail}\n`, contentType: 'text/plain; charset=utf-8' }
  if (body !== 'problem' && verdict.kind === 'deny') return body
  return { content: JSON.stringify(problem), contentType: 'application/problem+json' }
}
