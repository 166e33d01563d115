import { sizeName, sizeOf } from '../replay/quota-size.js'
import type { RuleResult } from '../replay/result.js'
import { moment, number } from '../spelling/numbers.js'
import { spellQuota } from '../spelling/spell-quota.js'
import type { Markup } from './html.js'
import { html } from './html.js'
import type { MovedLimit } from './moved-limit.js'
import { gridLines, OVER_TIME, PLOT, short, stepsPath, timeTicks } from './scale.js'
import { numbers, tableBehind } from './table.js'

const ROOM = 104
const ROWS = 24

/** What the most demanding client asks for at once over time, against the limit. */
export function demandChart({ name }: RuleResult, { quota, overTime, highestPeak }: MovedLimit): Markup {
  const limit = sizeOf(quota)
  const size = sizeName(quota)
  const most = Math.max(limit * 1.15, highestPeak)
  const heightOf = (value: number) => (ROOM * value) / most
  const within = overTime.peaks.map((peak) => Math.min(peak, limit))
  const limitAt = short(OVER_TIME.base - heightOf(limit))
  const label = `The most that one client asks of ${name} at once over time: at most ${number(highestPeak)}, the ${size} is ${number(limit)}.`
  return html`<figure>
<figcaption>The most that one client asks for at once, against ${spellQuota(quota)}: <b class="passed">within</b> and <b class="refused">above</b></figcaption>
<svg viewBox="0 0 ${PLOT.width} ${OVER_TIME.height}" role="img" aria-label="${label}">
${gridLines(most, heightOf)}
<path class="refused" d="${stepsPath(overTime.peaks, heightOf)}"/>
<path class="passed" d="${stepsPath(within, heightOf)}"/>
<path class="limit" d="M${PLOT.left} ${limitAt}H${PLOT.width - PLOT.right}"/><text class="tick strong" x="${PLOT.width - PLOT.right + 4}" y="${limitAt}" dy=".35em">${size}</text>
${timeTicks(overTime.start, overTime.step * overTime.peaks.length)}
</svg>
${tableBehind(`The most that one client asks of ${name} at once, against ${spellQuota(quota)}`, [{ title: 'from' }, ...numbers('units')], rowsOf(overTime))}
</figure>`
}

function rowsOf({ start, step, peaks }: MovedLimit['overTime']): string[][] {
  const together = Math.max(1, Math.ceil(peaks.length / ROWS))
  return Array.from({ length: Math.ceil(peaks.length / together) }, (_, row) => {
    const from = row * together
    return [moment(start + from * step), number(Math.max(...peaks.slice(from, from + together)))]
  })
}
