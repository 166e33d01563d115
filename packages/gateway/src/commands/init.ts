import { writeFile } from 'node:fs/promises'
import { starter } from './starter.js'
import type { Terminal } from './terminal.js'

/** How `init` is called. */
export interface InitOptions {
  /** Whether a file that is there is replaced. */
  readonly force?: boolean
}

/** Writes a commented policy to start from. Gives the exit code: 0, or 1 where nothing was written. */
export async function init(file: string, { force = false }: InitOptions, terminal: Terminal): Promise<0 | 1> {
  try {
    await writeFile(file, starter, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    terminal.err(`spillway: ${file} was not written: ${reason(error)}`)
    return 1
  }
  terminal.out(`${file} is written: put in your upstream, then run \`spillway check ${file}\``)
  return 0
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'EEXIST':
      return 'it is there already. --force replaces it'
    case 'ENOENT':
      return 'its folder does not exist'
    case 'EACCES':
    case 'EROFS':
      return 'this user may not write there'
    default:
      return message
  }
}
