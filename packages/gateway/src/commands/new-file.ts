import { writeFile } from 'node:fs/promises'

/** Writes a file; one that is there only where it is to be replaced. Gives the reason where it could not; absent where it did. */
export async function writeNewFile(file: string, text: string, replace: boolean): Promise<string | undefined> {
  try {
    await writeFile(file, text, { flag: replace ? 'w' : 'wx' })
    return undefined
  } catch (error) {
    return reason(error)
  }
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
