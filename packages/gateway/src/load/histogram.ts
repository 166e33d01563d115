import type { Histogram } from 'hdr-histogram-js'
import { build } from 'hdr-histogram-js'
import type { Micros } from 'spillway'

/** How long requests took. Absent: there was none. */
export interface Latencies {
  readonly count: number
  readonly p50: Micros
  readonly p90: Micros
  readonly p99: Micros
  readonly p999: Micros
  readonly max: Micros
}

/** Spans beyond an hour count as one. */
const LONGEST: Micros = 3_600_000_000

/** An empty histogram of spans, true to three digits; its size does not grow with what it holds. */
export function spans(): Histogram {
  return build({ highestTrackableValue: LONGEST, numberOfSignificantValueDigits: 3, autoResize: false })
}

/** Counts a span. */
export function record(histogram: Histogram, span: Micros): void {
  histogram.recordValue(Math.min(LONGEST, Math.max(0, Math.round(span))))
}

/** What a histogram holds, in short. */
export function latenciesOf(histogram: Histogram): Latencies | undefined {
  if (histogram.totalCount === 0) return undefined
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile)
  return {
    count: histogram.totalCount,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    max: histogram.maxValue,
  }
}
