import { parsePolicy } from 'spillway'
import { re2 } from 'spillway/regex'
import { onTestFinished } from 'vitest'
import type { GatewayOptions, RunningGateway } from '../../src/serve/start-gateway.js'
import { startGateway } from '../../src/serve/start-gateway.js'
import { logLines } from './log-lines.js'

/** A gateway for the length of a test, with the lines that it has logged. */
export interface TestGateway extends RunningGateway {
  readonly lines: Record<string, unknown>[]
}

/** Starts a gateway on a free port of 127.0.0.1 for a policy as its file would have it, without `listen`. */
export async function testGateway(policy: Record<string, unknown>, options: GatewayOptions = {}): Promise<TestGateway> {
  const { log, lines } = logLines()
  const rules = [{ path: '/**', quotas: 'unlimited' }]
  const parsed = parsePolicy({ listen: '127.0.0.1:0', rules, ...policy }, { regex: re2 })
  const gateway = await startGateway(parsed, { log, ...options })
  onTestFinished(() => gateway.stop({ grace: 0 }))
  return { ...gateway, lines }
}

/** How many requests a gateway with an admin listener is answering, by its own metrics. */
export async function requestsInFlight({ admin }: RunningGateway): Promise<number> {
  const metrics = await (await fetch(`${admin?.url}/metrics`)).text()
  return Number(/^spillway_requests_in_flight (\d+)$/m.exec(metrics)?.[1])
}
