import type { ReadPattern, ReadRule } from './config.js'

/** Whether a pattern is known to match every path that a later one does. What is not known is `false`. */
export function pathsCover(earlier: ReadPattern, later: ReadPattern): boolean {
  // Without an assertion about what follows, a match of a path's beginning is a match of the path.
  const open = !/\$|\\[zZbB]/.test(earlier.matches.source)
  return open && earlier.matches.test(literalStart(later.matches.source))
}

/** Whether every request of the later rule, on a path of both, is one of the earlier rule's. */
export function ruleCovers(earlier: ReadRule, later: ReadRule): boolean {
  return earlier.group === later.group && (earlier.method === '*' || earlier.method === later.method)
}

/** What every path that an expression matches begins with; empty where that is not plain to see. */
export function literalStart(source: string): string {
  if (source.includes('|') || source.includes('(?')) return ''
  const [text = ''] = /^(?:[\w/~%!@&',;:=\x80-\uffff -]|\\[/.~-])*/.exec(withoutAnchor(source)) ?? []
  const repeated = /^[*?{]/.test(withoutAnchor(source).slice(text.length))
  const whole = text.replace(/\\(.)/g, '$1')
  return repeated ? whole.slice(0, -1) : whole
}

/** Whether an expression has anything but literal text and its two ends: then it is for paths that a client may choose. */
export function isVariable(source: string): boolean {
  const plain = withoutAnchor(source).replace(/\$$|\\[zZ]$/, '')
  return literalStart(plain) !== plain.replace(/\\([/.~-])/g, '$1')
}

function withoutAnchor(source: string): string {
  return source.replace(/^(\^|\\A)/, '')
}
