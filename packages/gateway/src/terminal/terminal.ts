/** Where a command writes. */
export interface Terminal {
  /** One line to standard output: what was asked for. */
  out(line: string): void
  /** One line to standard error: faults, warnings, progress. */
  err(line: string): void
  /** Whether a person reads standard error: then there are colours and excerpts. */
  readonly interactive: boolean
  /** Whether a person reads standard output: a file or a pipe gets no colours. */
  readonly coloured: boolean
}

/** The terminal of this process. `NO_COLOR` (no-color.org) makes it plain, and `TERM=dumb`: it knows no colours. */
export function processTerminal(): Terminal {
  const plain = Boolean(process.env.NO_COLOR) || process.env.TERM === 'dumb'
  process.stdout.on('error', leaveUnread)
  // There is nobody left to tell; the exit code says it all the same.
  process.stderr.on('error', () => undefined)
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    interactive: process.stderr.isTTY === true && !plain,
    coloured: process.stdout.isTTY === true && !plain,
  }
}

/** Whoever reads may have seen enough, as `head` has: what is left is written to nobody, and a gateway goes on. */
function leaveUnread(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return
  process.stderr.write(`spillway: the answer cannot be written: ${error.message}\n`)
  process.exit(1)
}

/** For a gateway, which goes on whether or not its address can be printed: its log has it too. */
export function outliveOutput(): void {
  process.stdout.off('error', leaveUnread)
  process.stdout.on('error', () => undefined)
}
