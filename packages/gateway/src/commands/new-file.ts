import { constants } from 'node:fs'
import { access, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { identityOf } from './file-identity.js'

/** A file could not be written, or should not be; the message says which one, and why. */
export class NotWrittenError extends Error {
  override readonly name = 'NotWrittenError'

  constructor(file: string, why: string, options?: ErrorOptions) {
    super(`${file} was not written: ${why}`, options)
  }
}

const IS_THERE = 'it is there already. --force replaces it'

/**
 * Looks whether a file can be written, before the work whose outcome it is to hold; one that is there only where it is to
 * be replaced. Throws a `NotWrittenError` where it cannot.
 */
async function expectWritable(file: string, replace: boolean): Promise<void> {
  if (file === '') throw new NotWrittenError('""', 'the name of a file is empty: is a variable of the shell not set?')
  const there = await stat(file).catch(ifMissing(file))
  if (there?.isDirectory()) throw new NotWrittenError(file, 'it is a folder: name a file in it')
  if (there !== undefined && !replace) throw new NotWrittenError(file, IS_THERE)
  await access(there === undefined ? dirname(file) : file, constants.W_OK).catch(notWritten(file))
}

/** The same for a page, which goes to no standard output: that has the result. */
export async function expectWritablePage(file: string): Promise<void> {
  if (file === '-') throw new NotWrittenError(file, 'a page goes to a file, such as report.html')
  await expectWritable(file, true)
}

/** The same for a policy, which is written as YAML. */
export async function expectWritablePolicy(file: string, replace: boolean): Promise<void> {
  if (/\.json$/i.test(file)) throw new NotWrittenError(file, 'it would be no JSON but YAML. Let its name end in .yaml')
  await expectWritable(file, replace)
}

/** Throws a `NotWrittenError` where a file, by whatever name, is one of those that are read. */
export async function expectNotRead(file: string, read: readonly string[]): Promise<void> {
  const [written, ...others] = await Promise.all([file, ...read].map(identityOf))
  if (written !== undefined && others.includes(written)) {
    throw new NotWrittenError(file, 'it is one of the files that are read. Name another')
  }
}

/**
 * Writes a file; one that is there only where it is to be replaced. Throws a `NotWrittenError` where it cannot: then all is
 * as it was, also where a disk was full half-way.
 */
export async function writeNewFile(file: string, text: string, replace: boolean): Promise<void> {
  const before = await contentsOf(file)
  await writeFile(file, text, { flag: replace ? 'w' : 'wx' }).catch(async (cause: NodeJS.ErrnoException) => {
    if (cause.syscall !== 'open') await putBack(file, before)
    notWritten(file)(cause)
  })
}

/** No report and no policy is larger: what is was not written by us, and is not read only to be put back. */
const LARGEST_KEPT = 16_777_216

/** What a file holds, undefined where there is none; `not kept` where it is no file, or a very large one. */
async function contentsOf(file: string): Promise<Buffer | undefined | 'not kept'> {
  const there = await stat(file).catch(() => undefined)
  if (there === undefined) return undefined
  if (!there.isFile() || there.size > LARGEST_KEPT) return 'not kept'
  return readFile(file).catch(() => 'not kept' as const)
}

/** In place, so that links and rights stay: what was there has room again, as it is no longer than it was. */
async function putBack(file: string, before: Buffer | undefined | 'not kept'): Promise<void> {
  if (before === 'not kept') return
  await (before === undefined ? rm(file) : writeFile(file, before)).catch(() => undefined)
}

function ifMissing(file: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code !== 'ENOENT') notWritten(file)(error)
  }
}

function notWritten(file: string): (error: NodeJS.ErrnoException) => never {
  return (cause) => {
    throw new NotWrittenError(file, reason(cause), { cause })
  }
}

function reason({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EEXIST':
      return IS_THERE
    case 'ENOENT':
    case 'ENOTDIR':
      return 'its folder does not exist'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'this user may not write there'
    default:
      return message
  }
}
