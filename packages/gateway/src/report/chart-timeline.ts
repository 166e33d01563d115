import type { RuleResult } from '../replay/result.js'
import { moment, number } from '../spelling/numbers.js'
import type { Markup } from './html.js'
import { html } from './html.js'
import { gridLines, OVER_TIME, PLOT, stepsPath, timeTicks } from './scale.js'
import { numbers, tableBehind } from './table.js'

const ROOM = 110
const ROWS = 24

/** Requests to a rule over time: those that it refuses, and on top of them those that pass. */
export function timelineChart({ name, timeline, requests, denied, blocked }: RuleResult): Markup {
  const most = Math.max(1, ...timeline.requests)
  const heightOf = (value: number) => (ROOM * value) / most
  const span = timeline.step * timeline.requests.length
  const label = `Requests to ${name} over time: ${number(requests)} in all, ${number(denied + blocked)} of them refused.`
  return html`<figure>
<figcaption>Requests over time, <b class="passed">passed</b> and <b class="refused">refused</b></figcaption>
<svg viewBox="0 0 ${PLOT.width} ${OVER_TIME.height}" role="img" aria-label="${label}">
${gridLines(most, heightOf)}
<path class="passed" d="${stepsPath(timeline.requests, heightOf)}"/>
<path class="refused" d="${stepsPath(timeline.refused, heightOf)}"/>
${timeTicks(timeline.start, span)}
</svg>
${tableBehind(`Requests to ${name} over time`, [{ title: 'from' }, ...numbers('requests', 'refused')], rowsOf(timeline))}
</figure>`
}

function rowsOf({ start, step, requests, refused }: RuleResult['timeline']): string[][] {
  const together = Math.ceil(requests.length / ROWS)
  const sum = (counts: readonly number[], from: number) =>
    number(counts.slice(from, from + together).reduce((a, b) => a + b, 0))
  return Array.from({ length: Math.ceil(requests.length / Math.max(1, together)) }, (_, row) => {
    const from = row * together
    return [moment(start + from * step), sum(requests, from), sum(refused, from)]
  })
}
