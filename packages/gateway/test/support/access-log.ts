import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** One request of the log. */
export interface LoggedRequest {
  /** Seconds since the Unix epoch: the log knows no finer time. */
  readonly at: number
  readonly client: string
  readonly method: string
  readonly target: string
}

const FILE = new URL('../../../../test/fixtures/access-log-2015.log.gz', import.meta.url)
const COMBINED =
  /^(\S+) - - \[(\d+)\/May\/2015:(\d+):(\d+):(\d+) \+0000\] "([A-Z]+) (\S+) HTTP\/1\.[01]" \d+ \S+ ".*" ".*"$/

/** The real access log of `test/fixtures`, in its own order, and how many lines are no whole request. */
export function accessLog(): { readonly requests: readonly LoggedRequest[]; readonly skipped: number } {
  const lines = allLines()
  const requests = lines.flatMap((line) => logged(COMBINED.exec(line)))
  return { requests, skipped: lines.length - requests.length }
}

/** The lines of these requests, as they stand in the log. */
export function accessLogLines(): string[] {
  return allLines().filter((line) => COMBINED.test(line))
}

function allLines(): string[] {
  return gunzipSync(readFileSync(FILE)).toString().trimEnd().split('\n')
}

function logged(match: RegExpExecArray | null): LoggedRequest[] {
  if (match === null) return []
  const [, client = '', day, hour, minute, second, method = '', target = ''] = match
  const at = Date.UTC(2015, 4, Number(day), Number(hour), Number(minute), Number(second)) / 1000
  return [{ at, client, method, target }]
}
