/** What moves a cursor, changes colours or turns the direction of writing. */
const HARMFUL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

/**
 * A text that does nothing to a terminal: what would is spelled out, as `\u001b`. For what we say ourselves with names of
 * others in it: it is whole, and what is only not seen stays, as it may be part of a name.
 */
export function printable(text: string): string {
  return text.replace(HARMFUL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The same of a text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
