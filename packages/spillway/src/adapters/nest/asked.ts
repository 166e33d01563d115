import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ArgumentsHost } from '@nestjs/common'
import type { RequestDescription } from '../../identity/identity.js'
import type { Verdict } from '../../verdict.js'
import { describe, verdictOf as onNode } from '../node-request.js'

/** A request of Express or Fastify, or the handshake of a WebSocket. */
export interface NestRequest {
  readonly raw?: IncomingMessage
  readonly originalUrl?: string
  readonly session?: unknown
}

/** A response of Express, or a reply of Fastify. */
export type NestResponse = ServerResponse | FastifyReply

/** What this adapter needs of Fastify's reply. */
export interface FastifyReply {
  readonly raw: ServerResponse
  code(status: number): unknown
  header(name: string, value: string): unknown
  getHeader(name: string): unknown
  send(body?: unknown): unknown
}

/** Who asks, and where an answer can be put. */
export interface Asked {
  readonly description: RequestDescription
  /** Absent where no HTTP request is known. */
  readonly raw: IncomingMessage | undefined
  /** Absent for messages. */
  readonly response: NestResponse | undefined
}

/** The latest verdict on a request; absent where no limit has seen it. */
export function verdictOf(request: NestRequest | IncomingMessage): Verdict | undefined {
  return onNode(rawOf(request))
}

/** Describes an HTTP request. */
export function askedOver(request: NestRequest | IncomingMessage, response: NestResponse | undefined): Asked {
  const raw = rawOf(request)
  const { originalUrl, session } = request as NestRequest
  const { method, target, address, header } = describe(raw, originalUrl)
  return { description: { method, target, address, header, session, request }, raw, response }
}

/** Describes what a handler is called for: an HTTP request, the one behind a GraphQL field, or that of a connection. */
export function askedOf(host: ArgumentsHost): Asked {
  const type: string = host.getType()
  if (type === 'http') return askedOver(host.switchToHttp().getRequest(), host.switchToHttp().getResponse())
  if (type === 'graphql') return askedByField(host.getArgByIndex(2) ?? {})
  return askedByMessage(type === 'ws' ? host.switchToWs().getClient() : {})
}

/** The contexts that drivers of GraphQL make: of Apollo on either platform, of Mercurius, of graphql-ws. */
interface FieldContext {
  readonly req?: NestRequest & { readonly res?: NestResponse; readonly extra?: { readonly request?: IncomingMessage } }
  readonly request?: NestRequest
  readonly res?: NestResponse
  readonly reply?: NestResponse & { readonly request?: NestRequest }
  readonly extra?: { readonly request?: IncomingMessage }
}

function askedByField({ req, request, res, reply, extra }: FieldContext): Asked {
  const handshake = extra?.request ?? req?.extra?.request
  if (handshake !== undefined) return askedOver(handshake, undefined)
  const asking = req ?? request ?? reply?.request
  return isRequest(asking) ? askedOver(asking, res ?? reply ?? req?.res) : unknownAsked(asking)
}

/** The connections that gateways get: Socket.IO keeps the handshake, `ws` only the socket. */
interface Connection {
  readonly request?: IncomingMessage
  readonly _socket?: { readonly remoteAddress?: string }
}

function askedByMessage(client: Connection): Asked {
  return isRequest(client.request)
    ? askedOver(client.request, undefined)
    : unknownAsked(client, client._socket?.remoteAddress)
}

function unknownAsked(request: unknown, address?: string): Asked {
  return {
    description: { method: 'GET', target: '/', address, header: () => undefined, request },
    raw: undefined,
    response: undefined,
  }
}

function isRequest<R extends NestRequest | IncomingMessage>(request: R | undefined): request is R {
  return request !== undefined && rawOf(request).rawHeaders !== undefined
}

function rawOf(request: NestRequest | IncomingMessage): IncomingMessage {
  return ('raw' in request && request.raw) || (request as IncomingMessage)
}
