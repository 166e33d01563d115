import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Field, Policy } from 'spillway'
import { normalisePath, rawQuery } from 'spillway'
import type { Admission } from './admission.js'
import { admit } from './admission.js'
import type { ExchangeOptions } from './exchange.js'
import { exchange, hasBody } from './exchange.js'
import type { ListenerHandlers } from './listener.js'
import { sendProblem } from './problem.js'
import { switchProtocols } from './switch-protocols.js'
import type { Upstream } from './upstream.js'
import { faultProblem } from './upstream-fault.js'
import { upstreamHeaders } from './upstream-headers.js'

/** What the proxy works with. */
export interface ProxyParts extends Admission {
  readonly policy: Policy
  readonly upstream: Upstream
  /** Whether a peer's forwarding headers are believed. */
  readonly trusts: (address: string) => boolean
  /** Milliseconds until the upstream must have begun its answer. */
  readonly timeout: number
}

/** Puts every request, an upgrade like any other, to the guard, and sends what may pass to the upstream, once. */
export function createProxy(parts: ProxyParts): ListenerHandlers {
  return {
    onRequest: (request, response) => {
      follow(parts, response)
      admit(parts, request, response, (fields) => forward(parts, request, response, { own: fields }))
    },
    onUpgrade: (request, response, socket, head) => {
      follow(parts, response)
      if (hasBody(request)) {
        sendProblem(response, { status: 400, detail: 'A request to change protocols must have no body.' })
        return
      }
      admit(parts, request, response, (fields) => upgrade(parts, request, response, socket, head, fields))
    },
  }
}

function follow({ tally }: ProxyParts, response: ServerResponse): void {
  tally.inFlight++
  response.on('close', () => {
    tally.inFlight--
  })
}

function upgrade(
  parts: ProxyParts,
  request: IncomingMessage,
  response: ServerResponse,
  socket: Socket,
  head: Buffer,
  own: readonly Field[],
): void {
  const protocol = request.headers.upgrade ?? ''
  // Inside an h2c connection requests would pass that no rule has seen: it is served as if it had not been asked for.
  if (/^h2c?\b/i.test(protocol)) {
    forward(parts, request, response, { own })
    return
  }

  forward(parts, request, response, {
    own,
    upgrade: protocol,
    onUpgrade: (answer, upstreamSocket) =>
      switchProtocols({ answer, own, protocol, head, response, client: socket, upstream: upstreamSocket }),
  })
}

interface Forwarding {
  readonly own: readonly Field[]
  readonly upgrade?: string
  readonly onUpgrade?: (head: readonly string[], socket: Duplex) => void
}

function forward(parts: ProxyParts, request: IncomingMessage, response: ServerResponse, how: Forwarding): void {
  const { upgrade, ...rest } = how
  const peer = request.socket.remoteAddress ?? 'unknown'
  const hop = { peer, trusted: parts.trusts(peer), encrypted: 'encrypted' in request.socket }
  const headers = upstreamHeaders(request, hop, parts.identifying)
  const sent = {
    path: forwardedTarget(parts.policy, request.url ?? '/'),
    headers,
    ...(upgrade !== undefined && { upgrade }),
  }
  const startedAt = performance.now()
  if (request.headers.expect !== undefined && request.httpVersion !== '1.0') response.writeContinue()

  const options: ExchangeOptions = {
    ...rest,
    timeout: parts.timeout,
    onAnswer: () => parts.tally.upstreamTime.observe((performance.now() - startedAt) / 1000),
    onFault: (fault, begun) => {
      parts.tally.upstreamFault(fault)
      parts.lines.upstreamFault(fault, begun)
      if (begun) return
      response.shouldKeepAlive &&= request.complete
      sendProblem(response, faultProblem(fault))
    },
  }
  exchange(parts.upstream, request, response, sent, options)
}

/** The path that the rules have seen, with the query as it came; or the target as it came, without scheme and host. */
function forwardedTarget(policy: Policy, target: string): string {
  if (policy.gateway.forwardRawPath)
    return target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(?=(\/)?)/i, (_all, slash) => (slash ? '' : '/'))

  const path = normalisePath(target, { strict: policy.strictPaths })
  return path.kind === 'path' ? path.forwarded + rawQuery(target) : target
}
