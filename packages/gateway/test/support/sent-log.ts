import { fakeClock } from 'spillway/testing'
import { Client } from 'undici'
import { onTestFinished } from 'vitest'
import type { LoggedRequest } from './access-log.js'
import { testGateway } from './gateway.js'
import { upstreamServer } from './servers.js'

/** One request of the log and what the gateway answered. */
export interface SentRequest {
  readonly request: LoggedRequest
  readonly status: number
  /** Seconds; 0 where the answer has no such field. */
  readonly retryAfter: number
}

/** All answers, and how many requests reached the upstream. */
export interface SentLog {
  readonly answers: readonly SentRequest[]
  readonly reached: number
}

/**
 * Sends the requests through a gateway to a real upstream, one after the other on one connection, each client's address
 * in X-Forwarded-For. The gateway's clock stands at the time of the request.
 */
export async function sentLog(requests: readonly LoggedRequest[], rules: readonly object[]): Promise<SentLog> {
  const clock = fakeClock()
  let reached = 0
  const upstream = await upstreamServer((_request, response) => {
    reached++
    response.end('ok')
  })
  const identity = [{ ip: { trustedProxies: ['127.0.0.1'] } }]
  const gateway = await testGateway({ upstream: upstream.url, identity, rules }, { clock })
  const client = new Client(gateway.address.url)
  onTestFinished(() => client.close())

  const answers: SentRequest[] = []
  for (const request of requests) {
    clock.set(request.at * 1_000_000)
    answers.push({ request, ...(await send(client, request)) })
  }
  return { answers, reached }
}

async function send(client: Client, { method, target, client: address }: LoggedRequest) {
  const { statusCode, headers, body } = await client.request({
    method: method as 'GET',
    path: target,
    headers: { 'x-forwarded-for': address },
  })
  await body.dump()
  return { status: statusCode, retryAfter: Number(headers['retry-after'] ?? 0) }
}
