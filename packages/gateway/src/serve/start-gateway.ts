import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Policy } from 'spillway'
import { exchange } from './exchange.js'
import { parseListenAddress, urlHost } from './listen-address.js'
import { sendProblem } from './problem.js'
import { openUpstream } from './upstream.js'
import { faultProblem } from './upstream-fault.js'
import { upstreamHeaders } from './upstream-headers.js'

/** A gateway that accepts requests. */
export interface RunningGateway {
  readonly address: { readonly host: string; readonly port: number; readonly url: string }
  stop(): Promise<void>
}

export async function startGateway(policy: Policy, options: { port?: number } = {}): Promise<RunningGateway> {
  const { host, port } = parseListenAddress(policy.gateway.listen?.address ?? '127.0.0.1:8080')
  const upstream = openUpstream(policy.gateway.upstream?.url ?? '', 10_000)
  const timeout = (policy.gateway.upstream?.timeout ?? 30_000_000) / 1000
  const server = createServer((request, response) => {
    const hop = { peer: request.socket.remoteAddress ?? '', trusted: false, encrypted: false }
    exchange(
      upstream,
      request,
      response,
      { path: request.url ?? '/', headers: upstreamHeaders(request, hop, new Set()) },
      {
        own: [],
        timeout,
        onFault: (fault, begun) => {
          if (!begun) sendProblem(response, faultProblem(fault))
        },
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? port, host, resolve))
  const bound = (server.address() as AddressInfo).port
  return {
    address: { host, port: bound, url: `http://${urlHost(host)}:${bound}` },
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await upstream.pool.destroy()
    },
  }
}
