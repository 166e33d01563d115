import { plainText } from '../spelling/plain-text.js'

/** A piece of a page. */
export interface Markup {
  readonly markup: string
}

/** What may stand in a piece of a page: text is escaped, nothing is shown where there is nothing. */
export type Part = Markup | string | number | undefined | readonly Part[]

/** Longer text, such as a path that somebody has made up, is cut. */
const LONGEST = 200

/**
 * A piece of a page: html`<td>${name}</td>`. Text comes from logs, and is hostile: what would be markup is escaped, and
 * what turns the direction of writing, or is not seen, is written out.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, i) => (i === 0 ? text : markupOf(parts[i - 1]) + text)).join('') }
}

/** Text of the page's own making, such as the numbers of a drawing: it stands as it is. */
export function own(text: string): Markup {
  return { markup: text }
}

/** A value as JSON for a data block: no `<` in it could end the block. */
export function dataBlock(id: string, value: unknown): Markup {
  const json = JSON.stringify(value).replace(/</g, '\\u003c')
  return { markup: `<script type="application/json" id="${id}">${json}</script>` }
}

function markupOf(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escaped(plainText(part, LONGEST))
  return 'markup' in part ? part.markup : part.map(markupOf).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')
}
