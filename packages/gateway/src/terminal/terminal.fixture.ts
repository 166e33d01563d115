import type { Terminal } from './terminal.js'

/** A terminal that keeps its lines, for tests. */
export function recordingTerminal(
  interactive = false,
): Terminal & { readonly outs: string[]; readonly errs: string[] } {
  const outs: string[] = []
  const errs: string[] = []
  const out = (line: string) => void outs.push(line)
  const err = (line: string) => void errs.push(line)
  return { outs, errs, interactive, coloured: interactive, out, err }
}
