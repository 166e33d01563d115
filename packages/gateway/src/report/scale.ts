import type { Micros } from 'spillway'
import type { Markup } from './html.js'
import { html, own } from './html.js'

/** Where a chart is drawn, in its own units: it is shown as wide as there is room. */
export const PLOT = { width: 720, left: 52, right: 40 } as const

/** How wide what is drawn is, without the margins. */
export const BREADTH = PLOT.width - PLOT.left - PLOT.right

/** How high a chart over time is, and where its base line is drawn. */
export const OVER_TIME = { height: 150, base: 124 } as const

/** A number for SVG: no more digits than are seen. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** The outline of an area of steps over time, from the left margin to the right one. */
export function stepsPath(values: readonly number[], heightOf: (value: number) => number): Markup {
  const { base } = OVER_TIME
  const step = BREADTH / Math.max(1, values.length)
  let path = `M${PLOT.left} ${short(base)}`
  let before: string | undefined
  for (const [i, value] of values.entries()) {
    const top = short(base - heightOf(value))
    if (top !== before) path += `H${short(PLOT.left + i * step)}V${top}`
    before = top
  }
  return own(`${path}H${PLOT.width - PLOT.right}V${short(base)}Z`)
}

/** Lines across a chart over time at round values up to `most`, each with its value. */
export function gridLines(most: number, heightOf: (value: number) => number): Markup[] {
  return roundValues(most).map((value) => {
    const y = short(OVER_TIME.base - heightOf(value))
    return html`<path class="grid" d="M${PLOT.left} ${y}H${PLOT.width - PLOT.right}"/><text class="tick end" x="${PLOT.left - 6}" y="${y}" dy=".35em">${compact(value)}</text>`
  })
}

/** Moments below a chart over time. */
export function timeTicks(start: Micros, span: Micros): Markup[] {
  const count = 4
  const y = OVER_TIME.height - 8
  return Array.from({ length: count + 1 }, (_, i) => {
    const x = short(PLOT.left + (BREADTH * i) / count)
    const side = i === 0 ? '' : i === count ? ' end' : ' middle'
    return html`<text class="tick${side}${i % 2 === 1 ? ' odd' : ''}" x="${x}" y="${y}">${clock(start + (span * i) / count, span)}</text>`
  })
}

/** `1.5k`, `20M`. */
export function compact(value: number): string {
  if (value < 1_000) return String(value)
  return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
    .format(value)
    .replace('K', 'k')
}

function roundValues(most: number): number[] {
  const rough = Math.max(1, most / 3)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step)
}

const FORTNIGHT: Micros = 14 * 86_400_000_000
const TEN_MINUTES: Micros = 600_000_000

function clock(at: Micros, span: Micros): string {
  const text = new Date(at / 1000).toISOString()
  if (span > FORTNIGHT) return text.slice(0, 10)
  return span < TEN_MINUTES ? text.slice(11, 19) : `${text.slice(5, 10)} ${text.slice(11, 16)}`
}
