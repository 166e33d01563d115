import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type } from 'node:os'

/** What the figures were taken on. */
export interface Machine {
  readonly processor: string
  readonly cores: number
  /** Gibibytes. */
  readonly memory: number
  readonly system: string
  readonly node: string
  /**
   * How many processes wanted to run, on average over the last minute before the start. Above `cores`: others were busy
   * too.
   */
  readonly load: number
  readonly commit: string
  /** ISO 8601. */
  readonly date: string
}

export function describeMachine(): Machine {
  const processors = cpus()
  return {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    load: Math.round((loadavg()[0] as number) * 10) / 10,
    commit: commit(),
    date: new Date().toISOString(),
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return 'unknown'
  }
}
