import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { LogError } from '../logs/log-error.js'
import type { LogFile } from '../logs/open-log.js'
import { onInterrupt } from '../terminal/on-interrupt.js'

/** Codes of a disk, a user's share of it, or a process that may write no more. */
const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** Logs that can be read again and again. */
export interface Spool {
  readonly files: readonly LogFile[]
  /** Removes what was copied. */
  remove(): Promise<void>
}

/**
 * Copies what can be read only once, standard input or a pipe, to a temporary folder that only this user may read, and
 * that no signal leaves behind. Throws a `LogError` where there is no place for it, else what the file system says.
 */
export async function spooled(files: readonly LogFile[], stdin: Readable): Promise<Spool> {
  if (files.every(({ size }) => size !== undefined)) return { files, remove: async () => undefined }
  // Heard before the folder is there, and made without a wait: no signal comes between.
  let folder = ''
  const release = onInterrupt(() => rmSync(folder, { recursive: true, force: true }))
  folder = temporaryFolder(files)
  const remove = async () => {
    await rm(folder, { recursive: true })
    release()
  }
  try {
    const copies: LogFile[] = []
    for (const [i, file] of files.entries()) {
      copies.push(file.size === undefined ? await copied(file, join(folder, `input-${i + 1}`), stdin) : file)
    }
    return { files: copies, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

function temporaryFolder(files: readonly LogFile[]): string {
  try {
    return mkdtempSync(join(tmpdir(), 'spillway-'))
  } catch (cause) {
    const once = files.filter(({ size }) => size === undefined).map(({ path }) => path)
    throw new LogError(`a copy of ${once.join(', ')} cannot be made in ${tmpdir()}: name another folder in TMPDIR`, {
      cause,
    })
  }
}

async function copied({ path }: LogFile, copy: string, stdin: Readable): Promise<LogFile> {
  await pipeline(path === '-' ? stdin : createReadStream(path), createWriteStream(copy)).catch(noRoom(path))
  const { size } = await stat(copy)
  return { path, size, copy }
}

function noRoom(path: string): (error: NodeJS.ErrnoException) => never {
  return (cause) => {
    if (!NO_ROOM.has(cause.code ?? '')) throw cause
    throw new LogError(`${path}: there is no room for a copy of it in ${tmpdir()}: name another folder in TMPDIR`, {
      cause,
    })
  }
}
