import { sizeName } from '../replay/quota-size.js'
import { number, percent } from '../spelling/numbers.js'
import { spellQuota } from '../spelling/spell-quota.js'
import type { Markup } from './html.js'
import { html } from './html.js'
import type { MovedLimit } from './moved-limit.js'
import { BREADTH, compact, PLOT, short } from './scale.js'
import { numbers, tableBehind } from './table.js'

const HEIGHT = 210
const BASE = 176
const ROOM = 146
const ROWS = 16
const WIDEST_BAR = 26

/**
 * Clients by their peak, with the limit drawn in, and a slider right below that moves it. The script of the page
 * finds the numbers by `id`; without it the picture and the table stay.
 */
export function limitChart(moved: MovedLimit, id: string, name: string): Markup {
  const { limits, present, quota, refused, clients } = moved
  const caption = `Clients of ${name} that a limit instead of ${spellQuota(quota)} would refuse`
  const size = sizeName(quota)
  return html`<figure class="moved" data-of="${id}">
<figcaption>Clients by the most that each asks for at once: <b class="passed">within</b> and <b class="refused">above</b> the ${size}</figcaption>
${drawing(moved, `Of ${number(clients)} clients ${number(refused[present] ?? 0)} ask for more than the present ${size}.`)}
<div class="slide">
<label for="${id}">What if the ${size} were <strong class="chosen">${number(limits[present] ?? 0)}</strong> instead of ${spellQuota(quota)}?</label>
<input type="range" id="${id}" min="0" max="${limits.length - 1}" value="${present}" step="1" aria-describedby="${id}-share">
<p><output id="${id}-share" for="${id}">${sentence(moved, present)}</output> <button type="button" hidden>Back to ${number(limits[present] ?? 0)}</button></p>
</div>
${tableBehind(caption, [{ title: size }, ...numbers('clients refused', 'share', 'requests that they sent')], rowsOf(moved))}
</figure>`
}

/** What the script says anew wherever the slider is: the words are the same there. */
function sentence({ refused, requests, clients, allRequests }: MovedLimit, at: number): Markup {
  const [some, sent] = [refused[at] ?? 0, requests[at] ?? 0]
  return html`<strong>${percent(some / Math.max(1, clients))}</strong> of clients refused at least once: ${number(some)} of ${number(clients)}. They sent ${percent(sent / Math.max(1, allRequests))} of the requests.`
}

function drawing({ limits, peaks, present }: MovedLimit, label: string): Markup {
  const step = BREADTH / Math.max(1, limits.length - 1)
  const most = Math.log1p(Math.max(1, ...peaks))
  const heightOf = (count: number) => (ROOM * Math.log1p(count)) / most
  const placeOf = (i: number) => PLOT.left + i * step
  const width = Math.min(WIDEST_BAR, step * 0.8)
  const bars = peaks.map((count, i) => {
    const height = Math.max(count > 0 ? 2 : 0, heightOf(count))
    const side = i > present ? 'refused' : 'passed'
    return html`<rect class="${side}" x="${short(placeOf(i) - width / 2)}" y="${short(BASE - height)}" width="${short(width)}" height="${short(height)}"/>`
  })
  const edge = short(placeOf(present) + step / 2)
  return html`<svg viewBox="0 0 ${PLOT.width} ${HEIGHT}" role="img" aria-label="${label}">
${countLines(Math.max(...peaks), heightOf)}
<g class="bars">${bars}</g>
<path class="limit" d="M${edge} 12V${BASE}"/><text class="tick strong middle" x="${edge}" y="9">now ${compact(limits[present] ?? 0)}</text>
<path class="choice" d="M0 12V${BASE}" transform="translate(${edge})" data-first="${short(PLOT.left + step / 2)}" data-step="${step}"/>
${limitTicks(limits, placeOf)}
<text class="tick middle" x="${PLOT.left + BREADTH / 2}" y="${HEIGHT - 4}">units at once; the number of clients is on a logarithmic scale</text>
</svg>`
}

function countLines(most: number, heightOf: (count: number) => number): Markup[] {
  const counts = [1, 10, 100, 1_000, 10_000, 100_000].filter((count) => count <= most)
  return [0, ...counts].map((count) => {
    const y = short(BASE - heightOf(count))
    return html`<path class="grid" d="M${PLOT.left - 20} ${y}H${PLOT.width - PLOT.right + 20}"/><text class="tick end" x="${PLOT.left - 24}" y="${y}" dy=".35em">${compact(count)}</text>`
  })
}

function limitTicks(limits: readonly number[], placeOf: (i: number) => number): Markup[] {
  const every = Math.max(1, Math.ceil(limits.length / 10))
  return limits.flatMap((limit, i) =>
    i % every === 0
      ? [
          html`<text class="tick middle${(i / every) % 2 === 1 ? ' odd' : ''}" x="${short(placeOf(i))}" y="${BASE + 14}">${compact(limit)}</text>`,
        ]
      : [],
  )
}

function rowsOf({ limits, refused, requests, present, clients }: MovedLimit): string[][] {
  const every = Math.ceil(limits.length / ROWS)
  return limits.flatMap((limit, i) => {
    if (i % every !== 0 && i !== present) return []
    const some = refused[i] ?? 0
    const now = i === present ? ' (now)' : ''
    return [[`${number(limit)}${now}`, number(some), percent(some / Math.max(1, clients)), number(requests[i] ?? 0)]]
  })
}
