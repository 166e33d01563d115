import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { LogFile } from '../logs/open-log.js'
import { onInterrupt } from './on-interrupt.js'

/** Logs that can be read again and again. */
export interface Spool {
  readonly files: readonly LogFile[]
  /** Removes what was copied. */
  remove(): Promise<void>
}

/**
 * Copies what can be read only once, standard input or a pipe, to a temporary folder that only this user may read, and
 * that no signal leaves behind. Throws what the file system says.
 */
export async function spooled(files: readonly LogFile[], stdin: Readable): Promise<Spool> {
  if (files.every(({ size }) => size !== undefined)) return { files, remove: async () => undefined }
  // Heard before the folder is there, and made without a wait: no signal comes between.
  let folder = ''
  const release = onInterrupt(() => rmSync(folder, { recursive: true, force: true }))
  folder = mkdtempSync(join(tmpdir(), 'spillway-'))
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

async function copied({ path }: LogFile, copy: string, stdin: Readable): Promise<LogFile> {
  await pipeline(path === '-' ? stdin : createReadStream(path), createWriteStream(copy))
  const { size } = await stat(copy)
  return { path, size, copy }
}
