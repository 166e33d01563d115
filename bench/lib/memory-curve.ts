import type { PartResult } from './figure.js'
import type { Machine } from './machine.js'
import { escapeXml, STYLE, takenOn } from './svg.js'

const WIDTH = 760
const HEIGHT = 300
/** Of the plot. */
const [LEFT, RIGHT, TOP, BOTTOM] = [64, WIDTH - 24, 76, HEIGHT - 44]
/** Megabytes between two lines of the grid. */
const STEP = 100

/**
 * A drawing of the memory of a replay while it reads a large log, beside what it may take. Absent where it was not
 * measured.
 */
export function memoryCurve({ figures }: PartResult, machine: Machine): string | undefined {
  const tenths = figures.filter(({ unit, contestant }) => unit === 'MB' && contestant.startsWith('tenth'))
  const required = figures.find((figure) => figure.unit === 'MB' && figure.required)?.required
  const [first] = tenths
  if (first === undefined || required === undefined) return undefined

  const most = STEP * Math.ceil(Math.max(required.value, ...tenths.map(({ measured }) => measured)) / STEP)
  const x = (share: number) => (LEFT + share * (RIGHT - LEFT)).toFixed(1)
  const y = (megabytes: number) => (BOTTOM - (megabytes / most) * (BOTTOM - TOP)).toFixed(1)
  const points = tenths.map(({ measured }, i) => `${x((i + 1) / tenths.length)},${y(measured)}`)
  const grid = Array.from({ length: most / STEP + 1 }, (_, i) => gridLine(i * STEP, y(i * STEP)))
  const gigabytes = /[\d.]+ GB/.exec(first.load)?.[0] ?? ''
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title">
<title id="title">Memory of spillway replay over ${escapeXml(gigabytes)} of log</title>
<style>${STYLE}
</style>
<text class="heading" x="24" y="28">Memory of a replay over ${escapeXml(gigabytes)} of log, 100,000 clients</text>
<text class="quiet" x="24" y="48">${takenOn(machine)}</text>
${grid.join('\n')}
<line class="floor" x1="${LEFT}" y1="${y(required.value)}" x2="${RIGHT}" y2="${y(required.value)}"/>
<text class="legend" x="${RIGHT}" y="${Number(y(required.value)) - 6}" text-anchor="end">at most ${required.value} MB</text>
<polyline class="curve" points="${points.join(' ')}"/>
<text class="quiet" x="${x(1 / tenths.length)}" y="${BOTTOM + 22}" text-anchor="middle">a tenth read</text>
<text class="quiet" x="${RIGHT}" y="${BOTTOM + 22}" text-anchor="end">all ${escapeXml(gigabytes)}</text>
</svg>
`
}

function gridLine(megabytes: number, y: string): string {
  return `<line class="grid" x1="${LEFT}" y1="${y}" x2="${RIGHT}" y2="${y}"/>
<text class="quiet" x="${LEFT - 8}" y="${Number(y) + 4}" text-anchor="end">${megabytes} MB</text>`
}
