/** Control characters (C0, DEL, C1), and those that turn the direction of writing or are not seen (Unicode, Cc and Cf). */
const UNSAFE = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/gu

/**
 * Text of others, as of a log or a server, as a terminal or a page may show it: what could be a command to it, or deceive,
 * is written as `\u{1b}`. Cut at `longest`.
 */
export function plainText(text: string, longest = 120): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text
  return cut.replace(UNSAFE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
}
