import type { ReplayResult } from '../replay/result.js'
import { number } from '../spelling/numbers.js'
import type { Markup } from './html.js'
import { html } from './html.js'
import { numbers, tableBehind } from './table.js'

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const CELL = 27
const LEFT = 52
const TOP = 20
/** Shades of a cell, from some to most. */
const SHADES = 6

/** Refused requests by weekday and hour. */
export function heatChart({ heat: { refused, requests } }: ReplayResult): Markup {
  const most = Math.max(1, ...refused.flat())
  const cells = refused.flatMap((hours, day) =>
    hours.map((count, hour) => {
      const title = `${DAYS[day]} ${hour}:00: ${number(count)} of ${number(requests[day]?.[hour] ?? 0)} requests refused`
      return html`<rect class="${shade(count, most)}" x="${LEFT + hour * CELL}" y="${TOP + day * CELL}" width="${CELL - 2}" height="${CELL - 2}" rx="3"><title>${title}</title></rect>`
    }),
  )
  const rows = refused.map((hours, day) => [DAYS[day] ?? '', ...hours.map(number)])
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour))
  return html`<figure>
<figcaption>Refused requests by weekday and hour in UTC; the strongest hour has ${number(most)}</figcaption>
<svg viewBox="0 0 720 ${TOP + 7 * CELL}" role="img" aria-label="Refused requests by weekday and hour, at most ${number(most)} in an hour of the week.">
${hours.filter((_, hour) => hour % 3 === 0).map((hour) => html`<text class="tick middle" x="${LEFT + Number(hour) * CELL + CELL / 2 - 1}" y="14">${hour}</text>`)}
${DAYS.map((day, i) => html`<text class="tick end" x="${LEFT - 8}" y="${TOP + i * CELL + CELL / 2}" dy=".3em">${day.slice(0, 3)}</text>`)}
${cells}
</svg>
${tableBehind('Refused requests by weekday and hour', [{ title: 'day' }, ...numbers(...hours)], rows)}
</figure>`
}

function shade(count: number, most: number): string {
  return count === 0 ? 'cold' : `heat${Math.ceil(SHADES * Math.sqrt(count / most))}`
}
