import Table from 'cli-table3'
import pc from 'picocolors'
import { counted, number } from '../spelling/numbers.js'
import { plainText } from '../spelling/plain-text.js'
import type { Terminal } from '../terminal/terminal.js'
import type { Latencies } from './histogram.js'
import type { ProvenExcess, ProvenUntrue } from './judge/judge.js'
import type { LoadResult } from './result.js'
import { nothingJudged } from './result.js'
import { milliseconds, seconds } from './spell.js'

/** Prints a result for a person: what came of the requests, how long they took, and the verdict. */
export function printLoad(result: LoadResult, terminal: Terminal): void {
  const { bold, green, red } = pc.createColors(terminal.coloured)
  const { sent, took, ended, admitted, denied, failed, errors, held } = result
  const early = ended === 'signal' ? ', ended early' : ''
  terminal.out(
    bold(`${counted(sent, 'request')} in ${seconds(took)} from ${counted(result.clients.count, 'client')}${early}`),
  )
  terminal.out(
    `admitted ${number(admitted)}, denied ${number(denied)}, failed ${number(failed)}, unanswered ${number(errors)}`,
  )
  for (const line of failures(result)) terminal.out(line)
  terminal.out(latencyTable(result))
  for (const line of [...clientLines(result), ...quotaLines(result), ...promiseLines(result), ...costLines(result)]) {
    terminal.out(line)
  }
  if (nothingJudged(result)) terminal.out(bold('verdict: nothing was judged'))
  else terminal.out(held ? green(bold('verdict: all held')) : red(bold('verdict: NOT all held')))
}

function failures({ statuses, failures: errors }: LoadResult): readonly string[] {
  const unusual = Object.entries(statuses).filter(([status]) => !/^(2..|429)$/.test(status))
  const all = [...unusual.map(([status, count]) => [`status ${status}`, count] as const), ...Object.entries(errors)]
  return all.map(([what, count]) => `  ${plainText(what)}: ${number(count)}`)
}

function latencyTable({ latencies }: LoadResult): string {
  const table = new Table({
    head: ['latency', 'requests', 'p50', 'p90', 'p99', 'p99.9', 'max'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
  })
  const { admitted, denied, baseline, late } = latencies
  for (const [name, row] of Object.entries({ admitted, denied, baseline, 'of it: left late': late })) {
    if (row !== undefined) table.push([name, number(row.count), ...spansOf(row)])
  }
  return table.toString()
}

function spansOf({ p50, p90, p99, p999, max }: Latencies): readonly string[] {
  return [p50, p90, p99, p999, max].map(milliseconds)
}

function clientLines({ clients: { count, seen, refusedAtFirst } }: LoadResult): readonly string[] {
  const lines: string[] = []
  if (seen !== undefined && seen < count) {
    const whom = seen === 0 ? 'nobody: such requests are answered with 400 or 401' : counted(seen, 'user')
    lines.push(`clients: the policy takes the ${counted(count, 'client')} for ${whom}`)
  }
  if (refusedAtFirst > 0 && count > 1) {
    lines.push(
      `clients: ${number(refusedAtFirst)} of ${number(count)} were refused at their very first request: they share with others, or had asked before`,
    )
  }
  return lines
}

function quotaLines({ judgedBy, excesses }: LoadResult): readonly string[] {
  const source = judgedBy.by === 'policy' ? plainText(judgedBy.file) : 'the RateLimit fields of the answers'
  if (excesses.watched === 0) return [`quotas: nothing to judge: by ${source}, no quota applied to what was admitted`]
  const held = `${counted(excesses.watched, 'admitted request')} held against ${source}`
  if (excesses.count === 0) return [`quotas: no client got more than allowed (${held})`]
  return [
    `quotas: MORE THAN ALLOWED was admitted ${counted(excesses.count, 'time')} (${held})`,
    ...excesses.first.map(excessLine),
  ]
}

function excessLine({ line, quota, units, allowed, span }: ProvenExcess): string {
  return `  ${plainText(line)}: ${number(units)} units within ${seconds(span)}, at most ${number(allowed)} are allowed by ${plainText(quota)}`
}

function promiseLines({ retryAfter }: LoadResult): readonly string[] {
  const { refusals, without, kept, open, untrue, first } = retryAfter
  if (refusals === 0) return ['Retry-After: nothing was refused']
  if (without === refusals) return ['Retry-After: no refusal had one']
  const rest = [
    `${number(kept)} let through when their time had come`,
    ...(open > 0 ? [`${number(open)} refused then, after others may have drawn on the same share`] : []),
    ...(without > 0 ? [`${number(without)} without one`] : []),
  ].join(', ')
  if (untrue > 0) return [`Retry-After: UNTRUE ${counted(untrue, 'time')} (${rest})`, ...first.map(untrueLine)]
  const tested = kept > 0 ? 'none was untrue' : 'none was put to the test at its time, and none was seen to be too long'
  return [`Retry-After: ${tested} (${counted(refusals, 'refusal')}, ${rest})`]
}

function untrueLine({ line, told, what, after }: ProvenUntrue): string {
  const came =
    what === 'too-short' ? `refused again ${seconds(after)} after it` : `let through ${seconds(after)} after it`
  return `  ${plainText(line)}: told to wait ${seconds(told)}, ${came}`
}

function costLines({ cost, latencies: { baselineErrors } }: LoadResult): readonly string[] {
  const errors = baselineErrors > 0 ? [`baseline: ${counted(baselineErrors, 'request')} failed`] : []
  if (cost === undefined) return errors
  return [
    `cost: to an admitted request the limiter added ${milliseconds(cost.p50)} at p50 and ${milliseconds(cost.p99)} at p99, over the baseline`,
    ...errors,
  ]
}
