import type { Markup, Part } from './html.js'
import { html } from './html.js'

/** A column: its title, whether it holds numbers, and whether the names in it, such as addresses, should stay in one line. */
export interface Column {
  readonly title: string
  readonly numbers?: boolean
  readonly names?: boolean
}

/**
 * A table with a caption that screen readers read; the first cell of a row is its heading. Wide ones scroll, by
 * keyboard too.
 */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Part[])[]): Markup {
  const head = columns.map(
    ({ title, numbers }) => html`<th scope="col"${numbers ? html` class="number"` : ''}>${title}</th>`,
  )
  const body = rows.map(([first, ...rest]) => {
    const cells = rest.map((cell, i) => html`<td${columns[i + 1]?.numbers ? html` class="number"` : ''}>${cell}</td>`)
    return html`<tr><th scope="row"${columns[0]?.names ? html` class="name"` : ''}>${first}</th>${cells}</tr>`
  })
  return html`<div class="scroll" role="group" aria-label="${caption}" tabindex="0">
<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** A table behind a chart. */
export function tableBehind(caption: string, columns: readonly Column[], rows: readonly (readonly Part[])[]): Markup {
  return html`<details><summary>As a table<span class="unseen">: ${caption}</span></summary>${table(caption, columns, rows)}</details>`
}

/** Titles of columns of numbers. */
export function numbers(...titles: readonly string[]): Column[] {
  return titles.map((title) => ({ title, numbers: true }))
}
