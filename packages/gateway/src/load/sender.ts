import type { Dispatcher } from 'undici'
import { Pool } from 'undici'
import type { Target } from './target.js'

/** A request as it is sent again and again. */
export interface Message {
  readonly method: string
  /** Path and query. */
  readonly target: string
  /** Name, value, name, value. */
  readonly headers: readonly string[]
  readonly body: string | undefined
}

/** Who hears what comes of a request: `head`, then `end`; or `failed` instead of either. */
export interface Hearer {
  head(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void
  end(): void
  failed(error: Error): void
}

/** Sends requests to one target. */
export interface Sender {
  send(message: Message, hearer: Hearer): void
  close(): Promise<void>
}

/**
 * Sends each request at once: on a connection that is free, else on a new one. Each waits for its answer at most
 * `timeout` milliseconds. Connections go to the address of the target, whatever its name says.
 */
export function openSender({ url, address, family }: Target, timeout: number): Sender {
  const pool = new Pool(url.origin, {
    connect: {
      timeout,
      lookup: (_name, { all }, found) => (all ? found(null, [{ address, family }]) : found(null, address, family)),
    },
    pipelining: 1,
    headersTimeout: timeout,
    bodyTimeout: timeout,
  })
  return {
    send({ method, target, headers, body }, hearer) {
      const options = {
        method: method as Dispatcher.HttpMethod,
        path: target,
        headers: [...headers],
        body: body ?? null,
      }
      pool.dispatch(options, {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, status, fields) => {
          if (status >= 200) hearer.head(status, fields)
        },
        onResponseData: () => undefined,
        onResponseEnd: () => hearer.end(),
        onResponseError: (_controller, error) => hearer.failed(error),
      })
    },
    close: () => pool.destroy(),
  }
}
