import type { Terminal } from '../terminal/terminal.js'
import { expectWritablePolicy, NotWrittenError, writeNewFile } from './new-file.js'
import { starter } from './starter.js'

/** How `init` is called. */
export interface InitOptions {
  /** Whether a file that is there is replaced. */
  readonly force?: boolean
}

/**
 * Writes a commented policy to start from; to standard output where the file is called `-`. Gives the exit code: 0, or 1
 * where nothing was written.
 */
export async function init(file: string, { force = false }: InitOptions, terminal: Terminal): Promise<0 | 1> {
  if (file === '-') {
    terminal.out(starter.trimEnd())
    return 0
  }
  try {
    await expectWritablePolicy(file, force)
    await writeNewFile(file, starter, force)
  } catch (error) {
    if (!(error instanceof NotWrittenError)) throw error
    terminal.err(`spillway: ${error.message}`)
    return 1
  }
  terminal.out(`${file} is written: put in your upstream, then run \`spillway check ${file}\``)
  return 0
}
