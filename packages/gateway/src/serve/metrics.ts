import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Counts } from './counts.js'
import type { GatewayParts } from './gateway-parts.js'
import { addCounter, addGauge } from './read-metrics.js'
import { addStoreMetrics, renderStore } from './store/store-metrics.js'
import type { Tally } from './tally.js'

/** What a scrape gets. */
export interface Metrics {
  readonly contentType: string
  /** Everything in Prometheus' text format, read from the tally now. */
  scrape(): Promise<string>
}

/** The metrics of one gateway. */
export function createMetrics(parts: GatewayParts, version: string): Metrics {
  const { tally, figures: store } = parts
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })

  addDecisions(registry, tally)
  addCounts(registry, 'spillway_verdicts_total', 'Verdicts on requests.', 'kind', tally.verdicts)
  addCounts(
    registry,
    'spillway_upstream_errors_total',
    'Requests without a whole answer.',
    'reason',
    tally.upstreamFaults,
  )
  addCounter(
    registry,
    'spillway_newly_limited_clients_total',
    'Clients refused that had not been refused for ten minutes.',
    [],
    () => [[{}, tally.limitedClients.count]],
  )
  addGauge(registry, 'spillway_requests_in_flight', 'Requests that are being answered.', () => tally.inFlight)
  addPolicy(registry, parts)
  new Gauge({ name: 'spillway_build_info', help: 'Always 1.', labelNames: ['version', 'node'], registers: [registry] })
    .labels(version, process.version)
    .set(1)
  addStoreMetrics(registry, store)

  return {
    contentType: registry.contentType,
    scrape: async () => {
      const own = [tally.decisionTime.render(), tally.upstreamTime.render(), renderStore(store)]
      return `${await registry.metrics()}${own.join('')}`
    },
  }
}

function addPolicy(registry: Registry, parts: GatewayParts): void {
  addGauge(
    registry,
    'spillway_policy_loaded_timestamp_seconds',
    'When the policy in force was loaded.',
    () => parts.inForce.since / 1000,
  )
  addGauge(
    registry,
    'spillway_policy_last_reload_successful',
    'Whether the policy as it was read last is in force: 1, or 0 where it could not be used.',
    () => (parts.lastReload === 'refused' ? 0 : 1),
  )
}

function addDecisions(registry: Registry, tally: Tally): void {
  const read = () =>
    tally.decisions
      .list()
      .flatMap(({ name, mode, kinds }) =>
        [...kinds].map(([kind, value]) => [{ rule: name, mode, kind }, value] as const),
      )
  addCounter(registry, 'spillway_decisions_total', 'Decisions on charges.', ['rule', 'mode', 'kind'], read)
}

function addCounts(registry: Registry, name: string, help: string, label: string, counts: Counts): void {
  addCounter(registry, name, help, [label], () => [...counts].map(([kind, value]) => [{ [label]: kind }, value]))
}
