/** The words of a line, at most `most`: apart by spaces, in double quotes where they have spaces. */
export function words(text: string, most: number): string[] {
  const found: string[] = []
  let at = 0
  while (at < text.length && found.length < most) {
    const quoted = text[at] === '"'
    const begin = quoted ? at + 1 : at
    const close = quoted ? closing(text, begin) : text.indexOf(' ', begin)
    if (quoted && close === -1) break
    const end = close === -1 ? text.length : close
    found.push(text.slice(begin, end))
    at = quoted ? end + 2 : end + 1
  }
  return found
}

function closing(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '"') return at
    if (text[at] === '\\') at++
  }
  return -1
}

/** The path and query of an absolute URL, as they are spelled in it; a path stays as it is. */
export function absolutePath(url: string): string {
  const found = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url)
  if (found === null) return url
  const path = url.slice(found[0].length)
  return path.startsWith('/') ? path : `/${path}`
}
