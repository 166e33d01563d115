import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { MemoryStats, Policy } from 'spillway'
import type { Counts, Tally } from './tally.js'

/** What a scrape gets. */
export interface Metrics {
  readonly contentType: string
  /** Everything in Prometheus' text format, read from the tally now. */
  scrape(): Promise<string>
}

/** The metrics of one gateway. `storeStats` is absent where the store tells of none. */
export function createMetrics(
  policy: Policy,
  tally: Tally,
  version: string,
  storeStats: (() => MemoryStats) | undefined,
): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({ name, help, registers: [registry], collect: collectOne(read) })

  addDecisions(registry, policy, tally)
  addCounts(registry, 'spillway_verdicts_total', 'Verdicts on requests.', 'kind', tally.verdicts)
  addCounts(
    registry,
    'spillway_upstream_errors_total',
    'Requests without a whole answer.',
    'reason',
    tally.upstreamFaults,
  )
  gauge('spillway_requests_in_flight', 'Requests that are being answered.', () => tally.inFlight)
  new Gauge({ name: 'spillway_build_info', help: 'Always 1.', labelNames: ['version', 'node'], registers: [registry] })
    .labels(version, process.version)
    .set(1)
  if (storeStats !== undefined) {
    gauge('spillway_partitions', 'Partitions that the store holds.', () => storeStats().partitions)
    gauge('spillway_store_bytes', 'Memory of the store.', () => storeStats().bytes)
    addCounter(registry, 'spillway_store_overflowed_total', 'Charges on shared overflow partitions.', [], () => [
      [{}, storeStats().overflowed],
    ])
  }

  return {
    contentType: registry.contentType,
    scrape: async () => `${await registry.metrics()}${tally.decisionTime.render()}${tally.upstreamTime.render()}`,
  }
}

type Labelled = readonly (readonly [labels: Record<string, string>, value: number])[]

function addDecisions(registry: Registry, policy: Policy, tally: Tally): void {
  const rules = policy.layers.flatMap((layer) => layer.rules)
  const read = () =>
    rules.flatMap((rule) =>
      [...(tally.decisions.get(rule) ?? [])].map(
        ([kind, value]) => [{ rule: rule.name, mode: rule.mode, kind }, value] as const,
      ),
    )
  addCounter(registry, 'spillway_decisions_total', 'Decisions on charges.', ['rule', 'mode', 'kind'], read)
}

function addCounts(registry: Registry, name: string, help: string, label: string, counts: Counts): void {
  addCounter(registry, name, help, [label], () => [...counts].map(([kind, value]) => [{ [label]: kind }, value]))
}

/** A counter whose values are read at each scrape. */
function addCounter(registry: Registry, name: string, help: string, labelNames: string[], read: () => Labelled): void {
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset()
      for (const [labels, value] of read()) this.inc(labels, value)
    },
  })
}

function collectOne(read: () => number): (this: Gauge) => void {
  return function collect() {
    this.set(read())
  }
}
