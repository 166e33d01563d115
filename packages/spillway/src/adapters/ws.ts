import type { IncomingMessage } from 'node:http'
import { after, isPromise } from '../core/awaitable.js'
import { choiceOption, functionOption } from '../core/options.js'
import type { Awaitable } from '../core/units.js'
import type { Guard } from '../guard/guard-of.js'
import type { RouteLimit, RouteLimitOptions } from '../guard/route-limit.js'
import { guardFrom, isGuard } from '../guard/route-limit.js'
import type { Answer } from '../http/answer.js'
import { answerOf } from '../http/answer.js'
import type { Problem, Refusal } from '../http/problem.js'
import { problemOf } from '../http/problem.js'
import { describe, keepVerdict } from './node-request.js'

export { verdictOf } from './node-request.js'

/** A message of a connection. */
export interface Message {
  /** The request that opened the connection. */
  readonly request: IncomingMessage
  /** Of `ws` what was sent; of Socket.IO the name of the event, and its arguments. */
  readonly data: unknown
}

/** How messages are counted, and what is done of one too many. */
export interface MessageOptions<Socket> extends Omit<RouteLimitOptions<Message>, 'charge'> {
  /** Whose messages count together. Default: `connection`, for quotas; a guard has its own identity. */
  readonly per?: 'connection' | 'client'
  /** For `ws`, instead of closing the connection with 1008: the message is dropped. */
  readonly onDenied?: (verdict: Refusal, socket: Socket, message: Message) => void
}

/** What Socket.IO hands to a client, or to `error` of a socket, of a refusal. */
export class RateLimitError extends Error {
  override readonly name = 'RateLimitError'
  readonly verdict: Refusal
  /** Reaches the client of a connection that is refused. */
  readonly data: Problem

  constructor(verdict: Refusal, problem: Problem) {
    super(problem.detail)
    this.verdict = verdict
    this.data = problem
  }
}

/** A limit on connections, in the form of each library. */
export interface ConnectionLimit {
  /** For `new WebSocketServer({ verifyClient })` of `ws`: a refusal is an answer in HTTP. */
  verifyClient(
    info: { readonly req: IncomingMessage },
    respond: (accepted: boolean, code?: number, message?: string, headers?: Record<string, string>) => void,
  ): void
  /** For `io.use()` of Socket.IO: a refusal is a `connect_error` with a problem in `data`. */
  socketIo(socket: { readonly request: IncomingMessage }, next: (error?: Error) => void): void
}

/** Limits how many connections a client opens, by a guard or by quotas such as `'20/minute'`. Throws as `createGuard` does. */
export function limitConnections(
  limit: RouteLimit<IncomingMessage>,
  options: Omit<RouteLimitOptions<IncomingMessage>, 'charge'> = {},
): ConnectionLimit {
  const guard = guardFrom(limit, options)
  return {
    verifyClient({ req }, respond) {
      const conclude = (refused: Refused | undefined) => {
        if (refused === undefined) return respond(true)
        const { status, body = '', fields } = refused.answer
        respond(false, status, body, Object.fromEntries(fields))
      }
      run(
        () => ask(guard, req, req),
        conclude,
        () => respond(false, 500),
      )
    },
    socketIo({ request }, next) {
      run(
        () => ask(guard, request, request),
        (refused) => next(refused?.error),
        next,
      )
    },
  }
}

/** A socket of `ws`. */
interface WsSocket {
  close(code: number, reason: string): void
}

/** A limit on messages, in the form of each library. */
export interface MessageLimit<Socket> {
  /** For `socket.on('message', …)` of `ws`: calls the listener for messages that pass, in their order. */
  ws<Rest extends readonly unknown[]>(
    socket: Socket,
    request: IncomingMessage,
    listener: (data: WsData, ...rest: Rest) => void,
  ): (data: WsData, ...rest: Rest) => void
  /** For `socket.use()` of Socket.IO: a refusal is an `error` of the socket, which the application must listen for. */
  socketIo(socket: { readonly request: IncomingMessage }): (event: unknown[], next: (error?: Error) => void) => void
}

/** What `ws` hands to a listener for messages. */
export type WsData = Buffer | ArrayBuffer | Buffer[]

/**
 * Limits how many messages a connection, or a client, sends, by a guard or by quotas such as `'10/second'`. Throws as
 * `createGuard` does.
 */
export function limitMessages<Socket extends WsSocket = WsSocket>(
  limit: RouteLimit<Message>,
  { per, onDenied, ...options }: MessageOptions<Socket> = {},
): MessageLimit<Socket> {
  functionOption(onDenied, 'limitMessages: onDenied')
  if (per !== undefined) choiceOption(per, ['connection', 'client'], 'limitMessages: per')
  const guard = guardFrom(limit, perConnection(limit, options, per), ['per', 'onDenied'])
  return {
    ws(socket, request, listener) {
      let before: Awaitable<unknown>
      return (data, ...rest) => {
        const message = { request, data }
        const conclude = (refused: Refused | undefined) => {
          if (refused === undefined) listener(data, ...rest)
          else if (onDenied === undefined) socket.close(1008, refused.reason)
          else onDenied(refused.error.verdict, socket, message)
        }
        const inOrder = () => {
          const decided = behind(before, ask(guard, request, message))
          before = decided
          return decided
        }
        run(inOrder, conclude, () => socket.close(1011, ''))
      }
    },
    socketIo:
      ({ request }) =>
      (event, next) =>
        run(
          () => ask(guard, request, { request, data: event }),
          (refused) => next(refused?.error),
          next,
        ),
  }
}

/** A store may answer in another order than it was asked: this waits for what was asked before. */
function behind<T>(before: Awaitable<unknown>, decided: Awaitable<T>): Awaitable<T> {
  return isPromise(before) || isPromise(decided) ? Promise.all([decided, before]).then(([first]) => first) : decided
}

/** Each connection has a name of its own, by the request that opened it. */
function perConnection(
  limit: RouteLimit<Message>,
  options: RouteLimitOptions<Message>,
  per: 'connection' | 'client' | undefined,
): RouteLimitOptions<Message> {
  if (isGuard(limit) && per !== undefined)
    throw new TypeError('per is for a limit given as quotas: a guard has its own identity')
  if (isGuard(limit) || per === 'client' || options.by !== undefined || options.identity !== undefined) return options
  const names = new WeakMap<IncomingMessage, string>()
  return {
    ...options,
    by: ({ request }) => {
      const name = names.get(request) ?? `connection-${crypto.randomUUID()}`
      names.set(request, name)
      return name
    },
  }
}

interface Refused {
  readonly error: RateLimitError
  readonly answer: Extract<Answer, { kind: 'refuse' }>
  /** Short enough for a frame that closes (RFC 6455, 5.5). */
  readonly reason: string
}

function ask(guard: Guard, request: IncomingMessage, asking: unknown): Awaitable<Refused | undefined> {
  const description = { ...describe(request), request: asking }
  return after(guard.decide(description), (verdict) => {
    keepVerdict(request, verdict)
    const answer = answerOf(verdict, description, guard.answering)
    if (answer.kind === 'pass') return undefined
    const error = new RateLimitError(verdict as Refusal, problemOf(verdict as Refusal, guard.answering.status))
    const wait = error.data['retry-after']
    return {
      error,
      answer,
      reason: wait === undefined ? error.data.title : `${error.data.title}; retry after ${wait} s`,
    }
  })
}

/** Goes on with what is decided, at once unless it is a promise. What the application throws in `next` is not the guard's. */
function run(
  decide: () => Awaitable<Refused | undefined>,
  next: (refused: Refused | undefined) => void,
  fail: (error: Error) => void,
): void {
  let refused: Awaitable<Refused | undefined>
  try {
    refused = decide()
  } catch (error) {
    fail(error as Error)
    return
  }
  if (isPromise(refused)) refused.then(next, fail)
  else next(refused)
}
