import type { Awaitable } from '../core/units.js'
import type { Guard } from '../guard/guard-of.js'
import type { Answer } from '../http/answer.js'
import type { Field } from '../http/fields.js'
import { isListField } from '../http/fields.js'
import type { IdentityError } from '../identity/identity.js'
import type { Deny, Malformed, Undecided, Verdict } from '../verdict.js'

/** What stood on the request line. A URL in Fetch is absolute, and a target that begins with a slash is read much faster. */
export function targetOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  return start === -1 ? url : url.slice(start)
}

/**
 * What the handler answers, when the units that do not count are given back; a request that is aborted before counts as
 * 499.
 */
export async function settled(
  guard: Guard,
  verdict: Verdict,
  { signal }: Request,
  respond: () => Awaitable<Response>,
): Promise<Response> {
  const onAbort = () => void guard.settle(verdict, 499)
  // It may have been aborted while the guard decided: then no event tells of it.
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const response = await respond()
    await guard.settle(verdict, response.status)
    return response
  } catch (error) {
    await guard.settle(verdict, 500)
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** What may answer a refusal of a request, as the framework has it. */
export interface FetchHooks<Asked> {
  readonly onDenied?: (verdict: Deny | Undecided | Malformed, request: Asked) => Awaitable<Response>
  readonly onIdentityError?: (error: IdentityError, request: Asked) => Awaitable<Response>
}

/** The answer to a refusal, a hook's or the policy's, and the fields that it still lacks. */
export async function refusal<Asked>(
  { status, body, fields }: Extract<Answer, { kind: 'refuse' }>,
  verdict: Verdict,
  request: Asked,
  hooks: FetchHooks<Asked>,
): Promise<{ readonly response: Response; readonly fields: readonly Field[] }> {
  const own = await replacement(verdict, request, hooks)
  if (own === undefined) return { response: new Response(body ?? null, { status }), fields }
  const missing = fields.filter(([name]) => name !== 'Content-Type' && !own.headers.has(name))
  return { response: own, fields: missing }
}

function replacement<Asked>(
  verdict: Verdict,
  request: Asked,
  { onDenied, onIdentityError }: FetchHooks<Asked>,
): Awaitable<Response> | undefined {
  switch (verdict.kind) {
    case 'allow':
      return undefined
    case 'unidentified':
      return onIdentityError?.(verdict.error, request)
    case 'deny':
    case 'undecided':
    case 'malformed':
      return onDenied?.(verdict, request)
  }
}

/** The response with the fields on it: a copy where its headers are immutable, as those of a redirect or of `fetch` are. */
export function withFields(response: Response, fields: readonly Field[]): Response {
  // A switch of protocols, or a network error, cannot be copied, and nobody reads fields on it.
  if (fields.length === 0 || response.status < 200) return response
  try {
    return put(response, fields)
  } catch {
    return put(new Response(response.body, response), fields)
  }
}

function put(response: Response, fields: readonly Field[]): Response {
  for (const [name, value] of fields) {
    // Another limit on the same request may have told its quotas already.
    if (isListField(name)) response.headers.append(name, value)
    else response.headers.set(name, value)
  }
  return response
}
