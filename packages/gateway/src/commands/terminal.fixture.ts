import type { Terminal } from './terminal.js'

/** A terminal that keeps its lines, for tests. */
export function recordingTerminal(
  interactive = false,
): Terminal & { readonly outs: string[]; readonly errs: string[] } {
  const outs: string[] = []
  const errs: string[] = []
  return { outs, errs, interactive, out: (line) => void outs.push(line), err: (line) => void errs.push(line) }
}
