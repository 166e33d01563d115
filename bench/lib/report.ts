import type { Figure, PartResult, Required } from './figure.js'
import { isMet, isOurs } from './figure.js'

const HEAD: readonly string[] = ['contestant', 'measured', '(wall)', 'ratio', 'required', '']
const SIGNS = { 'at least': '≥', 'at most': '≤' } as const

/** The table of a part, in lines: a heading for each load, and a line for each contestant. */
export function table({ title, figures, skipped }: PartResult): string {
  const rows = figures.map(cells)
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join('  ')}`

  const body = [...new Set(figures.map(({ load }) => load))].flatMap((load) => [
    ` ${load}`,
    ...figures.flatMap((figure, index) =>
      figure.load === load ? [withNote(line(rows[index] as string[]), figure)] : [],
    ),
  ])
  const absent = skipped.map(({ contestant, why }) => ` skipped: ${contestant}: ${why}`)
  return ['', title, line(HEAD), ...body, ...new Set(absent)].join('\n')
}

function withNote(line: string, { note }: Figure): string {
  return note === undefined ? line.trimEnd() : `${line}  ${note}`
}

/** In one line each: figures that are not as required, and contestants of ours that have none. */
export function shortfalls(parts: readonly PartResult[]): string[] {
  return parts.flatMap(({ title, figures, skipped }) => [
    ...figures
      .filter((figure) => isMet(figure) === false)
      .map((figure) => `${title}, ${figure.load}, ${figure.contestant}: ${value(figure)}, required ${bound(figure)}`),
    ...skipped
      .filter(({ contestant }) => isOurs(contestant))
      .map(({ contestant, why }) => `${title}, ${contestant}: not measured: ${why}`),
  ])
}

/** Peers beside which nothing could be measured, so that what is required there is neither met nor missed. */
export function absentPeers(parts: readonly PartResult[]): string[] {
  const contestants = parts.flatMap(({ skipped }) => skipped.map(({ contestant }) => contestant))
  return [...new Set(contestants.filter((contestant) => !isOurs(contestant)))]
}

function cells(figure: Figure): string[] {
  const { contestant, measured, unit, wall, ratio } = figure
  const met = isMet(figure)
  return [
    contestant,
    `${round(measured)} ${unit}`,
    wall === undefined ? '' : `(${round(wall)})`,
    ratio === undefined ? '' : ratio.toFixed(2),
    bound(figure),
    met === undefined ? '' : met ? 'met' : 'NOT MET',
  ]
}

function bound({ required, unit }: Figure): string {
  if (required === undefined) return ''
  return `${SIGNS[required.bound]} ${required.value}${required.of === 'measured' ? ` ${unit}` : ''}`
}

function value({ required, ratio, measured, unit }: Figure & { readonly required?: Required }): string {
  return required?.of === 'ratio' ? (ratio ?? Number.NaN).toFixed(2) : `${round(measured)} ${unit}`
}

function round(measured: number): string {
  if (Math.abs(measured) >= 100) return Math.round(measured).toLocaleString('en')
  return measured.toFixed(Math.abs(measured) >= 10 ? 1 : 2)
}

/** Text stands left, numbers stand right. */
function pad(cell: string, width: number, column: number): string {
  return column === 0 || column >= 4 ? cell.padEnd(width) : cell.padStart(width)
}
