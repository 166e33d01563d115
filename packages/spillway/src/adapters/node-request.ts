import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Guard } from '../guard/guard-of.js'
import type { Field } from '../http/fields.js'
import { EXPOSED, isListField } from '../http/fields.js'
import type { RequestDescription } from '../identity/identity.js'
import type { Verdict } from '../verdict.js'

const VERDICT = Symbol('spillway.verdict')

/**
 * The lines of a request's headers, on which its verdict is kept. They are the request's own, and a plain list: Express
 * gives every request another prototype, and a property that is new on one of those takes the engine microseconds to add.
 */
interface Lines {
  [VERDICT]?: Verdict
}

/** The latest verdict on a request; absent where no limit has seen it. */
export function verdictOf(request: object): Verdict | undefined {
  return (request as { readonly rawHeaders?: Lines }).rawHeaders?.[VERDICT]
}

/** Keeps a verdict for `verdictOf`. Returns whether it is the first on this request. */
export function keepVerdict({ rawHeaders }: { readonly rawHeaders: string[] }, verdict: Verdict): boolean {
  const lines: string[] & Lines = rawHeaders
  const first = lines[VERDICT] === undefined
  lines[VERDICT] = verdict
  return first
}

/** Tells the guard what came of a request. A connection that breaks before the answer has begun counts as 499. */
export function settleLater(guard: Guard, verdict: Verdict, response: ServerResponse): void {
  const settle = () => void guard.settle(verdict, response.headersSent ? response.statusCode : 499)
  // What broke while the guard decided tells of it no more.
  if (isGone(response)) settle()
  else for (const event of ['finish', 'close']) response.once(event, settle)
}

/** Of HTTP/2 only the stream behind a response knows. */
function isGone(response: ServerResponse & { readonly stream?: { readonly destroyed: boolean } }): boolean {
  return response.stream?.destroyed ?? response.destroyed
}

/**
 * Puts fields on a response. Where this limit is not the first, or others have their say in a field, it adds to what is
 * told already.
 */
export function put(response: ServerResponse, fields: readonly Field[], first: boolean): void {
  for (const [name, value] of fields) {
    const mayBeTold = first ? name === EXPOSED : isListField(name)
    if (mayBeTold && response.hasHeader(name)) response.appendHeader(name, value)
    else response.setHeader(name, value)
  }
}

/** Describes a request, whose URL as it came is `target`. `asked` is the framework's own request. */
export function describe(
  request: IncomingMessage,
  target = request.url ?? '',
  session: unknown = undefined,
  asked: unknown = request,
): RequestDescription {
  return {
    method: request.method ?? '',
    target,
    address: request.socket.remoteAddress,
    header: (name) => headerOf(request, name),
    session,
    request: asked,
  }
}

/**
 * A header from the lines as they came: Node drops the second line of some headers, such as `Authorization`, and a
 * server behind may believe that one.
 */
function headerOf(request: IncomingMessage, name: string): string | undefined {
  const { rawHeaders } = request
  let value: string | undefined
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const line = rawHeaders[i] as string
    if (line.length !== name.length || line.toLowerCase() !== name) continue
    value = value === undefined ? rawHeaders[i + 1] : `${value}, ${rawHeaders[i + 1]}`
  }
  // Requests that no socket brought, such as those of serverless wrappers, may have no lines. Otherwise `headers` is left
  // alone: Node puts it together when it is first read, which takes longer than to look through the lines.
  return value === undefined && rawHeaders.length === 0 ? request.headers[name]?.toString() : value
}
