import type { ServerResponse } from 'node:http'
import { HttpException } from '@nestjs/common'
import type { Awaitable } from '../../core/units.js'
import type { Guard } from '../../guard/guard-of.js'
import type { Answer } from '../../http/answer.js'
import { answerOf } from '../../http/answer.js'
import type { Field } from '../../http/fields.js'
import { EXPOSED, isListField } from '../../http/fields.js'
import type { Problem } from '../../http/problem.js'
import { problemOf } from '../../http/problem.js'
import type { Deny, Malformed, Undecided, Unidentified, Verdict } from '../../verdict.js'
import { keepVerdict, put, settleLater } from '../node-request.js'
import type { RefusalHooks } from '../refusal-hooks.js'
import type { Asked, FastifyReply, NestRequest, NestResponse } from './asked.js'

/** What may replace the body of a refusal over HTTP: it ends the response. Status and fields are set by then. */
export interface NestHooks<Request = NestRequest, Response = NestResponse> extends RefusalHooks<Request, Response> {}

/**
 * What a refused handler throws, over HTTP and in GraphQL: an exception filter may catch it, and say it otherwise. Its
 * response is a problem document, which GraphQL tells in `extensions`. In a gateway it is a `WsException` that has it.
 */
export class RateLimitException extends HttpException {
  override readonly name = 'RateLimitException'
  /** Why. */
  readonly verdict: Deny | Undecided | Unidentified | Malformed
  /** The whole answer in HTTP. */
  readonly answer: Refused
  readonly extensions: { readonly code: string; readonly problem: Problem; readonly http: { readonly status: number } }

  constructor(verdict: RateLimitException['verdict'], answer: Refused, problem: Problem) {
    super({ ...problem }, answer.status, { description: problem.title })
    this.message = problem.detail
    this.verdict = verdict
    this.answer = answer
    this.extensions = { code: codeOf(verdict), problem, http: { status: answer.status } }
  }
}

type Refused = Extract<Answer, { kind: 'refuse' }>

function codeOf({ kind }: RateLimitException['verdict']): string {
  switch (kind) {
    case 'deny':
      return 'RATE_LIMITED'
    case 'undecided':
      return 'SERVICE_UNAVAILABLE'
    case 'unidentified':
      return 'UNAUTHENTICATED'
    case 'malformed':
      return 'BAD_REQUEST'
  }
}

/** Puts a verdict on the response, if there is one. Returns the refusal, if it is one. */
export function conclude(
  guard: Guard,
  verdict: Verdict,
  { description, raw, response }: Asked,
): RateLimitException | undefined {
  const answer = answerOf(verdict, description, guard.answering)
  const first = raw === undefined || keepVerdict(raw, verdict)
  if (response !== undefined && !isAnswered(response)) putFields(response, fieldsOf(answer), first)
  if (answer.kind === 'refuse' && verdict.kind !== 'allow') {
    return new RateLimitException(verdict, answer, problemOf(verdict, guard.answering.status))
  }
  // What came of a message is not known: its units stay taken.
  if (guard.settles && response !== undefined) settleLater(guard, verdict, responseOf(response))
  return undefined
}

/** The type of the body is left to whoever writes it: an exception filter may come first. */
function fieldsOf({ kind, fields }: Answer): readonly Field[] {
  return kind === 'pass' ? fields : fields.filter(([name]) => name !== CONTENT_TYPE)
}

function putFields(response: NestResponse, fields: readonly Field[], first: boolean): void {
  if (!isReply(response)) {
    put(response, fields, first)
    return
  }
  for (const [name, value] of fields) {
    const told = (first ? name === EXPOSED : isListField(name)) ? response.getHeader(name) : undefined
    response.header(name, told === undefined ? value : `${told}, ${value}`)
  }
}

const CONTENT_TYPE = 'Content-Type'

/** Whether others have begun the answer, while the guard decided. */
export function isAnswered(response: NestResponse): boolean {
  return responseOf(response).headersSent
}

/** Answers an HTTP request that is refused, unless others have. */
export function answerRefusal(
  { verdict, answer }: RateLimitException,
  { onDenied, onIdentityError }: NestHooks,
  request: NestRequest,
  response: NestResponse,
): Awaitable<unknown> {
  if (isAnswered(response)) return undefined
  if (isReply(response)) response.code(answer.status)
  else response.statusCode = answer.status

  if (verdict.kind === 'unidentified') {
    if (onIdentityError !== undefined) return onIdentityError(verdict.error, request, response)
  } else if (onDenied !== undefined) {
    return onDenied(verdict, request, response)
  }
  const type = answer.fields.find(([name]) => name === CONTENT_TYPE)?.[1] ?? ''
  // Bytes, as Fastify adds a charset to the type of any JSON that is text.
  if (isReply(response)) return reply(response, type, answer.body)
  response.setHeader(CONTENT_TYPE, type)
  return response.end(answer.body)
}

function reply(response: FastifyReply, type: string, body: string | undefined): unknown {
  response.header(CONTENT_TYPE, type)
  return response.send(body === undefined ? undefined : Buffer.from(body))
}

function isReply(response: NestResponse): response is FastifyReply {
  return 'raw' in response
}

function responseOf(response: NestResponse): ServerResponse {
  return isReply(response) ? response.raw : response
}
