import pc from 'picocolors'
import { number } from '../spelling/numbers.js'
import type { Terminal } from '../terminal/terminal.js'
import type { Counts, Figures, Second } from './figures.js'
import type { Latencies } from './histogram.js'
import type { LoadWatcher } from './run.js'
import { milliseconds } from './spell.js'

/** What the view says that does not change. */
export interface LiveTitle {
  readonly target: string
  readonly rate: number
  readonly clients: number
  /** Whole seconds that the load lasts. */
  readonly seconds: number
}

/** How many seconds the bars look back. */
const HISTORY = 24
const BARS = '▁▂▃▄▅▆▇█'
const WIDTH = 40

/**
 * Shows each second how a load goes: to a person a view that is written over itself, else a line.
 * Nothing of it is from the server but figures.
 */
export function liveView(title: LiveTitle, terminal: Terminal): LoadWatcher {
  return terminal.interactive ? overwritten(title, terminal) : lines(terminal)
}

function lines(terminal: Terminal): LoadWatcher {
  return (at, figures) => {
    const { counts, latencies } = figures.second()
    const { admitted, denied } = counts
    terminal.err(
      `${at} s: admitted ${number(admitted)}, denied ${number(denied)}, errors ${number(errorsIn(counts))}${inShort(latencies)}`,
    )
  }
}

function inShort(latencies: Latencies | undefined): string {
  if (latencies === undefined) return ''
  const { p50, p99, max } = latencies
  return `, p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}, max ${milliseconds(max)}`
}

/** Back to the first line of the view; each line is cut where the terminal ends, so that it stays one. */
const UP = (count: number) => `\u001b[${count}A`
const WHOLE_LINE = (line: string) => `\u001b[2K\u001b[?7l${line}\u001b[?7h`

function overwritten(title: LiveTitle, terminal: Terminal): LoadWatcher {
  const history: Second[] = []
  let height = 0
  return (at, figures, underway) => {
    history.push(figures.second())
    if (history.length > HISTORY) history.shift()
    const view = viewOf(title, at, history, figures, underway).map(WHOLE_LINE)
    terminal.err(`${height === 0 ? '' : UP(height)}${view.join('\n')}`)
    height = view.length
  }
}

function viewOf(
  { target, rate, clients, seconds }: LiveTitle,
  at: number,
  history: readonly Second[],
  { total }: Figures,
  underway: number,
): readonly string[] {
  const colours = pc.createColors(true)
  const done = Math.min(WIDTH, Math.round((WIDTH * at) / seconds))
  const most = Math.max(...history.flatMap(({ counts }) => [counts.admitted, counts.denied, errorsIn(counts)]))
  const row = (name: string, of: (second: Second) => number, sum: number, paint: (text: string) => string) => {
    const values = history.map(of)
    const now = number(values.at(-1) ?? 0)
    return `${name.padEnd(9)}${now.padStart(8)}/s  ${paint(bars(values, most))}  ${number(sum).padStart(11)}`
  }
  return [
    `${colours.bold(target)}  ${number(rate)}/s, clients: ${number(clients)}`,
    `${colours.cyan('█'.repeat(done))}${colours.dim('░'.repeat(WIDTH - done))}  ${Math.min(Math.round(at), seconds)} of ${seconds} s`,
    row('admitted', ({ counts }) => counts.admitted, total.admitted, colours.green),
    row('denied', ({ counts }) => counts.denied, total.denied, colours.yellow),
    row('errors', ({ counts }) => errorsIn(counts), errorsIn(total), colours.red),
    `p99      ${latencyRow(history, colours.cyan)}`,
    latencyLine(history.at(-1)?.latencies, underway),
  ]
}

function latencyRow(history: readonly Second[], paint: (text: string) => string): string {
  const values = history.map(({ latencies }) => latencies?.p99 ?? 0)
  return `${milliseconds(values.at(-1) ?? 0).padStart(10)}  ${paint(bars(values, Math.max(...values)))}`
}

function latencyLine(latencies: Latencies | undefined, underway: number): string {
  const waiting = `unanswered: ${number(underway)}`
  if (latencies === undefined) return waiting
  const { p50, p90, max } = latencies
  return `p50 ${milliseconds(p50)}  p90 ${milliseconds(p90)}  max ${milliseconds(max)}  ${waiting}`
}

function errorsIn({ failed, errors }: Counts): number {
  return failed + errors
}

/** A bar for each of the last seconds, full at `most`; what is nothing is a gap, and what is something is seen. */
function bars(values: readonly number[], most: number): string {
  const drawn = values.map((value) => (value === 0 ? ' ' : BARS[Math.ceil((BARS.length * value) / most) - 1]))
  return drawn.join('').padEnd(HISTORY)
}
