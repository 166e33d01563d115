import { constants } from 'node:fs'
import { access, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

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
export async function expectWritable(file: string, replace: boolean): Promise<void> {
  const there = await stat(file).catch(ifMissing(file))
  if (there?.isDirectory()) throw new NotWrittenError(file, 'it is a folder: name a file in it')
  if (there !== undefined && !replace) throw new NotWrittenError(file, IS_THERE)
  await access(there === undefined ? dirname(file) : file, constants.W_OK).catch(notWritten(file))
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

/** The same for all names of a file, links too. Absent where there is none. */
function identityOf(file: string): Promise<string | undefined> {
  return stat(file, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  )
}

/** Writes a file; one that is there only where it is to be replaced. Throws a `NotWrittenError` where it cannot. */
export async function writeNewFile(file: string, text: string, replace: boolean): Promise<void> {
  await writeFile(file, text, { flag: replace ? 'w' : 'wx' }).catch(notWritten(file))
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
