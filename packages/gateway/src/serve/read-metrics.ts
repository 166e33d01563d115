import type { Registry } from 'prom-client'
import { Counter, Gauge } from 'prom-client'

/** Values of one metric, each with its labels. */
export type Labelled = readonly (readonly [labels: Record<string, string>, value: number])[]

/** A gauge whose value is read at each scrape. */
export function addGauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read())
    },
  })
}

/** A counter whose values are read at each scrape. */
export function addCounter(
  registry: Registry,
  name: string,
  help: string,
  labelNames: string[],
  read: () => Labelled,
): void {
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
