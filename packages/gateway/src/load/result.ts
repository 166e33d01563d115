import type { Micros } from 'spillway'
import type { Counts, LoadLatencies } from './figures.js'
import type { Findings } from './judge/judge.js'
import type { LoadRun } from './run.js'

/** What a load came to, as `--json` prints it. Spans are in microseconds; what is absent is not known. */
export interface LoadResult extends Counts {
  readonly target: string
  readonly rate: number
  readonly took: Micros
  /** Whether it ran as long as it should, or a signal ended it. */
  readonly ended: 'time' | 'signal'
  readonly clients: {
    readonly count: number
    /** How many users the policy takes them for. */
    readonly seen: number | undefined
    /** Of how many the very first request was refused. */
    readonly refusedAtFirst: number
  }
  readonly statuses: Readonly<Record<string, number>>
  readonly failures: Readonly<Record<string, number>>
  readonly latencies: LoadLatencies
  /** What the limiter adds to an admitted request: the difference to the baseline. */
  readonly cost: { readonly p50: Micros; readonly p99: Micros } | undefined
  /** What the requests were judged by: a policy file, or the RateLimit fields of the answers. */
  readonly judgedBy: { readonly by: 'policy'; readonly file: string } | { readonly by: 'fields' }
  readonly excesses: Findings['excesses']
  readonly retryAfter: Findings['retryAfter']
  /** Whether no client provably got more than allowed, and no Retry-After was provably untrue. */
  readonly held: boolean
}

/** What a result says besides its run. */
export interface LoadSetting extends Pick<LoadResult, 'target' | 'rate' | 'judgedBy'> {
  readonly clients: { readonly count: number; readonly seen: number | undefined }
}

/** The result of a run. */
export function resultOf(run: LoadRun, setting: LoadSetting): LoadResult {
  const { figures, findings } = run
  const latencies = figures.latencies()
  const { admitted, baseline } = latencies
  return {
    ...setting,
    ...figures.total,
    took: Math.round(run.took),
    ended: run.ended === 'signal' ? 'signal' : 'time',
    clients: { ...setting.clients, refusedAtFirst: run.refusedAtFirst },
    statuses: Object.fromEntries(figures.statuses),
    failures: Object.fromEntries(figures.errors),
    latencies,
    cost: admitted && baseline && { p50: admitted.p50 - baseline.p50, p99: admitted.p99 - baseline.p99 },
    excesses: findings.excesses,
    retryAfter: findings.retryAfter,
    held: findings.excesses.count === 0 && findings.retryAfter.untrue === 0,
  }
}

/** Whether no request was admitted or denied: what fails, or has no answer, says nothing of a limiter. */
export function nothingJudged({ admitted, denied }: Pick<LoadResult, 'admitted' | 'denied'>): boolean {
  return admitted + denied === 0
}
