import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { PolicyFileError } from './fault.js'

const MAX_BYTES = 1_000_000

/** Whether a file is called as standard input is. */
export function isStandardInput(file: string): boolean {
  return file === '-'
}

/**
 * The text of a policy file, without its byte order mark; of standard input where it is called `-`. A file over 1 MB is
 * refused by its size, before it is read, and of a pipe no more than that is read. Throws a `PolicyFileError` that says
 * what to do.
 */
export async function readPolicyText(file: string): Promise<string> {
  const refuse = (message: string) => new PolicyFileError([{ file, line: 1, column: 1, path: '', message }])
  if (file === '') throw refuse('the name of the policy file is empty: is a variable of the shell not set?')
  const bytes = await readBytes(file).catch((cause: NodeJS.ErrnoException) => {
    throw refuse(unreadable(file, cause))
  })
  if (bytes === 'not a file') throw refuse('this is not a file: name the policy file itself')
  if (bytes === 'too much') throw refuse(`a policy file may have ${MAX_BYTES} bytes, and this has more`)
  if (typeof bytes === 'number') {
    throw refuse(`the file has ${bytes} bytes, and a policy file may have ${MAX_BYTES}: is it the right file?`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refuse('the file is not UTF-8: save it in that encoding')
  }
}

/** The bytes of a file, or the size of one that is too large. */
async function readBytes(file: string): Promise<Uint8Array | number | 'not a file' | 'too much'> {
  if (isStandardInput(file)) return readToTheEnd(process.stdin)
  const stats = await stat(file)
  if (stats.isFIFO()) return readToTheEnd(createReadStream(file))
  if (!stats.isFile()) return 'not a file'
  return stats.size > MAX_BYTES ? stats.size : readFile(file)
}

async function readToTheEnd(source: Readable): Promise<Uint8Array | 'too much'> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of source) {
    chunks.push(Buffer.from(chunk))
    size += chunk.length
    if (size > MAX_BYTES) return 'too much'
  }
  return Buffer.concat(chunks)
}

function unreadable(file: string, cause: NodeJS.ErrnoException): string {
  switch (cause.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `there is no such file: \`spillway init ${file}\` writes one to start from`
    case 'EACCES':
    case 'EPERM':
      return 'the file may not be read: give this user the right to read it'
    default:
      return `the file cannot be read: ${cause.message}`
  }
}
