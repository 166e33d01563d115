import { parsePolicy } from 'spillway'
import { expect } from 'vitest'
import type { RedisServer } from '../../../../test/support/redis-process.js'
import { testGateway } from '../support/gateway.js'
import { upstreamServer } from '../support/servers.js'

/** What the rule of these gateways allows in an hour. */
export const LIMIT = 10

/** A gateway with this `store` before an upstream that answers everything, for the length of a test. */
export async function gatewayOn(store: unknown, more: Record<string, unknown> = {}) {
  const upstream = await upstreamServer((_request, response) => response.end('ok'))
  const policyOf = (rule: Record<string, unknown>) => ({
    upstream: upstream.url,
    admin: { listen: '127.0.0.1:0', token: 't' },
    store,
    rules: [{ name: 'towns', path: '/towns', quotas: `${LIMIT}/hour`, ...rule }],
  })
  const gateway = await testGateway(policyOf(more))
  const reload = (rule: Record<string, unknown>) =>
    gateway.reload(() => parsePolicy({ listen: '127.0.0.1:0', ...policyOf(rule) }))
  const statuses = async (times: number) => {
    const answers = Array.from({ length: times }, async () => (await fetch(`${gateway.address.url}/towns`)).status)
    return counted(await Promise.all(answers))
  }
  return { gateway, reload, statuses, metric: (name: string) => metricOf(gateway.admin?.url, name) }
}

/** How often each status came. */
function counted(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** The lines whose message is like this. */
export function linesOf(
  gateway: { readonly lines: Record<string, unknown>[] },
  pattern: RegExp,
): Record<string, unknown>[] {
  return gateway.lines.filter(({ msg }) => pattern.test(String(msg)))
}

/** The value of a metric that the admin listener tells, by its name with its labels; NaN where there is none. */
export async function metricOf(admin: string | undefined, name: string): Promise<number> {
  const text = await (await fetch(`${admin}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return line === undefined ? Number.NaN : Number(line.slice(name.length + 1))
}

/** Waits until the store decides again. */
export async function untilAvailable(metric: Metric): Promise<void> {
  await expect.poll(() => metric('spillway_store_available'), { timeout: 20_000 }).toBe(1)
}

/** Waits until this many processes, this gateway among them, have told the store that they are there. */
export async function untilShared(by: number, metric: Metric): Promise<void> {
  await expect.poll(() => metric('spillway_store_replicas'), { timeout: 20_000 }).toBe(by)
}

/** Waits until a gateway has told this server that it is there. */
export async function untilConnected(server: RedisServer, ...options: readonly string[]): Promise<void> {
  await expect.poll(() => server.cli(...options, 'KEYS', '*replicas*'), { timeout: 20_000 }).not.toBe('')
}

type Metric = (name: string) => Promise<number>
