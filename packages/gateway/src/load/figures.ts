import type { Histogram } from 'hdr-histogram-js'
import type { Micros } from 'spillway'
import type { Latencies } from './histogram.js'
import { latenciesOf, record, spans } from './histogram.js'

/** What came of a request, as it is counted. `failed`: it was answered with a status from 500. */
export type Kind = 'admitted' | 'denied' | 'failed'

/** Counts of a load, or of one second of it. */
export interface Counts {
  sent: number
  admitted: number
  denied: number
  failed: number
  /** Requests that were not answered. */
  errors: number
}

/** One second of a load. */
export interface Second {
  readonly counts: Counts
  readonly latencies: Latencies | undefined
}

/** Keeps count of a load, in the same space however long it is. */
export interface Figures {
  readonly total: Counts
  /** How often a request was answered with each status, and not answered, or not whole, by the code of the error. */
  readonly statuses: ReadonlyMap<number, number>
  readonly errors: ReadonlyMap<string, number>
  /** `late`: by how much it left after it was due. */
  sent(late: Micros): void
  head(kind: Kind, status: number): void
  /** `latency`: from when it was due to the end of its answer. */
  end(kind: Kind, latency: Micros): void
  error(code: string): void
  /** After its head an answer did not come to its end: it was counted by its head. */
  brokeOff(code: string): void
  baseline(latency: Micros): void
  baselineError(): void
  /** What came since the last call. */
  second(): Second
  latencies(): LoadLatencies
}

/** The latencies of a load, by what came of the requests. */
export interface LoadLatencies {
  readonly admitted: Latencies | undefined
  readonly denied: Latencies | undefined
  readonly baseline: Latencies | undefined
  readonly baselineErrors: number
  /** By how much requests left after they were due: the sender's own share of each latency. */
  readonly late: Latencies | undefined
}

/** Nothing yet. */
export function figures(): Figures {
  const total = counts()
  const statuses = new Map<number, number>()
  const errors = new Map<string, number>()
  const histograms = { admitted: spans(), denied: spans(), baseline: spans(), late: spans() }
  const seconds = spans()
  let current = counts()
  let baselineErrors = 0
  const count = (what: keyof Counts) => {
    total[what]++
    current[what]++
  }

  return {
    total,
    statuses,
    errors,
    sent(late) {
      count('sent')
      record(histograms.late, late)
    },
    head(kind, status) {
      count(kind)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    },
    end(kind, latency) {
      if (kind !== 'failed') record(histograms[kind], latency)
      record(seconds, latency)
    },
    error(code) {
      count('errors')
      errors.set(code, (errors.get(code) ?? 0) + 1)
    },
    brokeOff(code) {
      const halfWay = `${code}, half-way`
      errors.set(halfWay, (errors.get(halfWay) ?? 0) + 1)
    },
    baseline: (latency) => record(histograms.baseline, latency),
    baselineError: () => void baselineErrors++,
    second() {
      const second = { counts: current, latencies: latenciesOf(seconds) }
      current = counts()
      seconds.reset()
      return second
    },
    latencies: () => ({ ...latenciesIn(histograms), baselineErrors }),
  }
}

function latenciesIn({
  admitted,
  denied,
  baseline,
  late,
}: Record<'admitted' | 'denied' | 'baseline' | 'late', Histogram>) {
  return {
    admitted: latenciesOf(admitted),
    denied: latenciesOf(denied),
    baseline: latenciesOf(baseline),
    late: latenciesOf(late),
  }
}

function counts(): Counts {
  return { sent: 0, admitted: 0, denied: 0, failed: 0, errors: 0 }
}
