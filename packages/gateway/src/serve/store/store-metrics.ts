import type { Registry } from 'prom-client'
import type { MemoryStats } from 'spillway'
import type { DecisionSources, RedisStats } from 'spillway/redis'
import { addCounter, addGauge } from '../read-metrics.js'
import type { StoreFigures } from './opened-store.js'

/** How the sources of decisions are labelled. */
const SOURCES: Readonly<Record<keyof DecisionSources, string>> = {
  store: 'store',
  denyCache: 'deny_cache',
  lease: 'lease',
  local: 'local',
  unknown: 'unknown',
}

const AVAILABLE = 'Whether the store decides: 1, or 0 while it gives no answer.'

/** Adds what a store tells of itself. Histograms are rendered apart, by `renderStore`. */
export function addStoreMetrics(registry: Registry, figures: StoreFigures): void {
  switch (figures.kind) {
    case 'memory':
      addMemory(registry, figures.stats)
      return
    case 'redis':
      addRedis(registry, figures.stats)
      return
    case 'other':
  }
}

/** What a store's calls took, in Prometheus' text format; empty where it is called over no network. */
export function renderStore(figures: StoreFigures): string {
  return figures.kind === 'redis' ? figures.callTime.render() : ''
}

function addMemory(registry: Registry, stats: () => MemoryStats): void {
  addGauge(registry, 'spillway_store_available', AVAILABLE, () => 1)
  addGauge(registry, 'spillway_partitions', 'Partitions that the store holds.', () => stats().partitions)
  addGauge(registry, 'spillway_store_bytes', 'Memory of the store.', () => stats().bytes)
  addCounter(registry, 'spillway_store_overflowed_total', 'Charges on shared overflow partitions.', [], () => [
    [{}, stats().overflowed],
  ])
}

function addRedis(registry: Registry, stats: () => RedisStats): void {
  addGauge(registry, 'spillway_store_available', AVAILABLE, () => Number(stats().available))
  addGauge(registry, 'spillway_store_local', 'Whether this process counts alone: 1 or 0.', () => Number(stats().local))
  addGauge(registry, 'spillway_store_replicas', 'Processes that share the store.', () => stats().replicas)
  addCounter(registry, 'spillway_store_decisions_total', 'Decisions by where they came from.', ['source'], () => {
    const { decisions } = stats()
    return Object.entries(SOURCES).map(
      ([key, source]) => [{ source }, decisions[key as keyof DecisionSources]] as const,
    )
  })
  addCounter(registry, 'spillway_store_failures_total', 'Calls of the store that failed.', ['code'], () =>
    Object.entries(stats().failures).map(([code, times]) => [{ code }, times] as const),
  )
}
