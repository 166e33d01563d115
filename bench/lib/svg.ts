import type { Machine } from './machine.js'

/** How drawings of the bench look, on light and on dark pages. */
export const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .heading { font-size: 17px; font-weight: 600 }
  .title { font-weight: 600 }
  .quiet { fill: #57606a; font-size: 12px }
  .ours { fill: #0969da }
  .peer { fill: #afb8c1 }
  .curve { stroke: #0969da; stroke-width: 2.5; fill: none; stroke-linejoin: round }
  .grid { stroke: #d0d7de }
  .floor { stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 4 3 }
  .legend { fill: #cf222e; font-size: 12px }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .quiet { fill: #9198a1 }
    .ours { fill: #4493f8 }
    .peer { fill: #59636e }
    .curve { stroke: #4493f8 }
    .grid { stroke: #3d444d }
    .floor { stroke: #f85149 }
    .legend { fill: #f85149 }
  }`

/** What figures were taken on, and when. */
export function takenOn({ processor, cores, node, date }: Machine): string {
  return escapeXml(`${processor}, ${cores} cores, Node ${node}, ${date.slice(0, 10)}`)
}

/** Text as it may stand in a drawing. */
export function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
