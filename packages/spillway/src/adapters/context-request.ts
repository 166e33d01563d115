import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from '../http/answer.js'
import { isListField } from '../http/fields.js'
import type { RequestDescription } from '../identity/identity.js'
import type { Deny, Malformed, Undecided, Unidentified } from '../verdict.js'
import { describe as describeNode } from './node-request.js'

/** What the contexts of GraphQL and tRPC servers hold of HTTP, each under the name that is usual there. */
export interface HttpContext {
  readonly req?: Wrapped<IncomingMessage | Request>
  readonly request?: Wrapped<IncomingMessage | Request>
  readonly res?: Wrapped<Pick<ServerResponse, 'headersSent' | 'getHeader' | 'setHeader'>>
  readonly resHeaders?: Headers
}

/** The platform's own, or what Fastify puts around it. */
type Wrapped<T> = T | { readonly raw: T }

/** What the request behind a context tells of who asks; nothing but the address where there is none. */
export function describeContext(context: unknown, address: string | undefined): RequestDescription {
  const { req, request = req } = httpOf(context)
  if (request === undefined) return { method: 'POST', target: '/', address, header: () => undefined }
  const raw = unwrapped(request)
  if ('rawHeaders' in raw) {
    const { originalUrl, session } = request as { readonly originalUrl?: string; readonly session?: unknown }
    const described = describeNode(raw, originalUrl)
    return { ...described, address: address ?? described.address, session }
  }
  const { method, url, headers } = raw
  return { method, target: url, address, header: (name) => headers.get(name) ?? undefined }
}

/** Puts the fields of an answer on the response, where the context holds it. Several calls may share one. */
export function tellContext(context: unknown, { fields }: Answer): void {
  const { res, resHeaders } = httpOf(context)
  const response = res && unwrapped(res)
  for (const [name, value] of fields) {
    // The body is the framework's own.
    if (name === 'Content-Type') continue
    if (resHeaders !== undefined) {
      if (isListField(name)) resHeaders.append(name, value)
      else resHeaders.set(name, value)
    } else if (response !== undefined && !response.headersSent) {
      const told = isListField(name) ? response.getHeader(name) : undefined
      response.setHeader(name, told === undefined ? value : `${told}, ${value}`)
    }
  }
}

function unwrapped<T extends object>(wrapped: Wrapped<T>): T {
  return 'raw' in wrapped ? wrapped.raw : wrapped
}

function httpOf(context: unknown): HttpContext {
  return typeof context === 'object' && context !== null ? context : {}
}

/** The refusal that an answer stands for; absent where the request passes. */
export function refusalOf<V extends { readonly kind: string }>(
  verdict: V,
  answer: Answer,
): Extract<V, Deny | Undecided | Unidentified | Malformed> | undefined {
  if (answer.kind === 'pass') return undefined
  return verdict as Extract<V, Deny | Undecided | Unidentified | Malformed>
}
