import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Field, Policy } from 'spillway'
import { normalisePath, rawQuery } from 'spillway'
import type { Admission, Passage } from './admission.js'
import { admit } from './admission.js'
import type { ExchangeOptions } from './exchange.js'
import { exchange, hasBody } from './exchange.js'
import type { ListenerHandlers } from './listener.js'
import type { PolicyInForce } from './policy-in-force.js'
import { sendProblem } from './problem.js'
import { switchProtocols } from './switch-protocols.js'
import type { Upstream } from './upstream.js'
import type { UpstreamFault } from './upstream-fault.js'
import { faultProblem } from './upstream-fault.js'
import { upstreamHeaders } from './upstream-headers.js'

/** What the proxy works with. */
export interface ProxyParts extends Admission {
  /** What the next request goes by. */
  inForce: PolicyInForce
}

/** A request on its way, and where it goes. */
interface ProxyPassage extends Passage {
  readonly upstream: Upstream
}

/** Puts every request, an upgrade like any other, to the guard, and sends what may pass to the upstream, once. */
export function createProxy(parts: ProxyParts, upstream: Upstream): ListenerHandlers {
  const passageOf = (request: IncomingMessage, response: ServerResponse): ProxyPassage => {
    follow(parts, response)
    return { admission: parts, inForce: parts.inForce, upstream, request, response }
  }
  return {
    onRequest: (request, response) => {
      const passage = passageOf(request, response)
      admit(passage, (fields) => forward(passage, fields))
    },
    onUpgrade: (request, response, socket, head) => {
      const passage = passageOf(request, response)
      if (hasBody(request)) {
        sendProblem(response, { status: 400, detail: 'A request to change protocols must have no body.' })
        return
      }
      admit(passage, (fields) => upgrade(passage, socket, head, fields))
    },
  }
}

function follow({ tally }: ProxyParts, response: ServerResponse): void {
  tally.inFlight++
  response.on('close', () => {
    tally.inFlight--
  })
}

function upgrade(passage: ProxyPassage, socket: Socket, head: Buffer, own: readonly Field[]): void {
  const { request, response } = passage
  const protocol = request.headers.upgrade ?? ''
  // Inside an h2c connection requests would pass that no rule has seen: it is served as if it had not been asked for.
  if (protocol.split(',').some((each) => /^\s*h2c?\b/i.test(each))) {
    forward(passage, own)
    return
  }

  forward(passage, own, {
    protocol,
    onUpgrade: (answer, upstream) =>
      switchProtocols({ answer, own, protocol, head, response, client: socket, upstream }),
  })
}

interface Upgrade {
  readonly protocol: string
  readonly onUpgrade: ExchangeOptions['onUpgrade']
}

/** Never called: undici gives an upgrade to who has asked for one alone. */
const NO_UPGRADE: ExchangeOptions['onUpgrade'] = (_head, socket) => socket.destroy()

function forward(passage: ProxyPassage, own: readonly Field[], upgrade?: Upgrade): void {
  const { admission, request, response, upstream } = passage
  const { policy, identifying, trusts, timeout } = passage.inForce
  const peer = request.socket.remoteAddress ?? 'unknown'
  const hop = { peer, trusted: trusts(peer), encrypted: 'encrypted' in request.socket }
  const startedAt = performance.now()
  if (request.headers.expect !== undefined && request.httpVersion !== '1.0') proceedInTurn(response)

  exchange(upstream, request, response, {
    path: forwardedTarget(policy, request.url ?? '/'),
    headers: upstreamHeaders(request, hop, identifying),
    upgrade: upgrade === undefined ? null : upgrade.protocol,
    own,
    timeout,
    onAnswer: () => admission.tally.upstreamTime.observe((performance.now() - startedAt) / 1000),
    onFault: (fault, begun) => answerFault(passage, fault, begun),
    onUpgrade: upgrade === undefined ? NO_UPGRADE : upgrade.onUpgrade,
  })
}

/** Asks for the body that the client holds back, once the answers before are sent: sooner it would stand inside this one. */
function proceedInTurn(response: ServerResponse): void {
  const proceed = () => {
    if (!response.headersSent) response.writeContinue()
  }
  if (response.socket === null) response.once('socket', proceed)
  else proceed()
}

function answerFault(passage: ProxyPassage, fault: UpstreamFault, begun: boolean): void {
  const { admission, inForce, request, response } = passage
  admission.tally.upstreamFault(fault)
  const path = normalisePath(request.url ?? '/', { strict: inForce.policy.strictPaths })
  const matched = path.kind === 'path' ? path.matched : undefined
  admission.lines.upstreamFault(fault, begun, request.method ?? 'GET', matched)
  if (begun) return
  response.shouldKeepAlive &&= request.complete
  sendProblem(response, faultProblem(fault))
}

/** The path that the rules have seen, with the query as it came; or the target as it came, without scheme and host. */
function forwardedTarget(policy: Policy, target: string): string {
  if (policy.gateway.forwardRawPath)
    return target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(?=(\/)?)/i, (_all, slash) => (slash ? '' : '/'))

  const path = normalisePath(target, { strict: policy.strictPaths })
  return path.kind === 'path' ? path.forwarded + rawQuery(target) : target
}
