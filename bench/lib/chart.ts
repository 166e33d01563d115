import type { Figure, PartResult } from './figure.js'
import { isOurs } from './figure.js'
import type { Machine } from './machine.js'
import { escapeXml, STYLE, takenOn } from './svg.js'

/** One set of bars that share a scale. */
interface Panel {
  readonly title: string
  readonly bars: readonly { readonly name: string; readonly ratio: number }[]
}

const WIDTH = 960
const COLUMNS = 2
const PANEL = WIDTH / COLUMNS
const MARGIN = 24
const NAMES = 172
const BAR = 14
const STEP = 22
const HEADING = 64
const TITLE = 34
/** Room right of the bars, for their figures. */
const FIGURE = 44
/** The length of the longest bar. */
const ROOM = PANEL - 2 * MARGIN - NAMES - FIGURE

/** A drawing of the speed of a charge by load, each beside the bare Map that is the floor, for light and dark pages. */
export function chart(memory: PartResult, machine: Machine): string {
  const panels = panelsOf(memory)
  const scale = ROOM / Math.max(1, ...panels.flatMap(({ bars }) => bars.map(({ ratio }) => ratio)))
  const rows = Math.ceil(panels.length / COLUMNS)
  const panelHeight = TITLE + Math.max(...panels.map(({ bars }) => bars.length)) * STEP + MARGIN
  const height = HEADING + rows * panelHeight
  const drawn = panels.map((panel, index) => {
    const x = (index % COLUMNS) * PANEL + MARGIN
    const y = HEADING + Math.floor(index / COLUMNS) * panelHeight
    return drawPanel(panel, x, y, scale)
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">
<title id="title">Charges a second of processor time in memory, as a share of a bare Map</title>
<style>${STYLE}
</style>
<text class="heading" x="${MARGIN}" y="28">Charges a second in memory, as a share of a bare Map</text>
<text class="quiet" x="${MARGIN}" y="48">${takenOn(machine)}</text>
<text class="legend" x="${WIDTH - MARGIN}" y="28" text-anchor="end">dashed: a bare Map that reads the same clock</text>
${drawn.join('\n')}
</svg>
`
}

function panelsOf({ figures }: PartResult): Panel[] {
  const loads = [...new Set(figures.map(({ load }) => load))]
  return loads.map((load) => ({
    title: load,
    bars: figures
      .filter((figure): figure is Figure & { readonly ratio: number } => figure.load === load && isBar(figure))
      .map(({ contestant, ratio }) => ({ name: contestant, ratio }))
      .sort((a, b) => b.ratio - a.ratio),
  }))
}

/** The floor is the line, not a bar. */
function isBar({ contestant, against, ratio }: Figure): boolean {
  return ratio !== undefined && contestant !== against
}

function drawPanel({ title, bars }: Panel, x: number, y: number, scale: number): string {
  const left = x + NAMES
  const floor = (left + scale).toFixed(1)
  const lines = bars.map(({ name, ratio }, index) => {
    const top = y + TITLE + index * STEP
    const width = Math.max(1, ratio * scale)
    const middle = top + BAR / 2 + 4.5
    return `<text x="${left - 8}" y="${middle}" text-anchor="end">${escapeXml(name)}</text>
<rect class="${isOurs(name) ? 'ours' : 'peer'}" x="${left}" y="${top}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>
<text class="quiet" x="${left + ROOM + FIGURE}" y="${middle}" text-anchor="end">${ratio.toFixed(2)}</text>`
  })
  const end = y + TITLE + bars.length * STEP - (STEP - BAR) + 3
  return `<text class="title" x="${left}" y="${y + 20}">${escapeXml(title)}</text>
${lines.join('\n')}
<line class="floor" x1="${floor}" y1="${y + TITLE - 5}" x2="${floor}" y2="${end}"/>`
}
