import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from '../http/answer.js'
import { isListField } from '../http/fields.js'
import type { Refusal } from '../http/problem.js'
import type { RequestDescription } from '../identity/identity.js'
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

/**
 * Puts the fields of an answer on the response, where the context holds it. The calls of a batch share one: each policy
 * stands in it once, as the latest of them left it.
 */
export function tellContext(context: unknown, { fields }: Answer): void {
  const response = responseOf(context)
  if (response === undefined) return
  const policies = fields.find(([name]) => name === 'RateLimit-Policy')?.[1] ?? ''
  for (const [name, value] of fields) {
    // The body is the framework's own.
    if (name === 'Content-Type') continue
    if (!isListField(name)) response.set(name, value)
    else {
      const told = toldIn(response, name)
      told.set(name === 'RateLimit' ? policies : value, value)
      response.set(name, [...told.values()].join(', '))
    }
  }
}

/** Where fields go. */
interface Told {
  /** The headers, or the response, of which each call has a context of its own, but which they share. */
  readonly shared: object
  get(name: string): string | undefined
  set(name: string, value: string): unknown
}

function responseOf(context: unknown): Told | undefined {
  const { res, resHeaders } = httpOf(context)
  if (resHeaders !== undefined) {
    return {
      shared: resHeaders,
      get: (name) => resHeaders.get(name) ?? undefined,
      set: (name, value) => resHeaders.set(name, value),
    }
  }
  const response = res && unwrapped(res)
  if (response === undefined || response.headersSent) return undefined
  return {
    shared: response,
    get: (name) => response.getHeader(name)?.toString(),
    set: (name, value) => response.setHeader(name, value),
  }
}

const lists = new WeakMap<object, Map<string, Map<string, string>>>()

/** What a list on a response says: first what others have put there, then of each limit its own. */
function toldIn({ shared, get }: Told, name: string): Map<string, string> {
  const ofResponse = lists.get(shared) ?? new Map<string, Map<string, string>>()
  lists.set(shared, ofResponse)
  const before = get(name)
  const told = ofResponse.get(name) ?? new Map(before === undefined ? [] : [['', before]])
  ofResponse.set(name, told)
  return told
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
): Extract<V, Refusal> | undefined {
  return answer.kind === 'pass' ? undefined : (verdict as Extract<V, Refusal>)
}
