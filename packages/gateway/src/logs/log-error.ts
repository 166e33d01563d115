/** A log, or what is to be known to read it, cannot be read; the message names the file and the reason. */
export class LogError extends Error {
  override readonly name = 'LogError'
}

/** Why a file cannot be read, after its name. */
export function unreadable(file: string, cause: unknown): LogError {
  return cause instanceof LogError ? cause : new LogError(`${file}: ${reason(cause)}`, { cause })
}

function reason(error: unknown): string {
  const { code, message = String(error) } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file'
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read it'
    case 'EISDIR':
      return 'it is a folder: name the files in it'
    case 'Z_BUF_ERROR':
      return 'its gzip data ends too early: the file is cut short'
    default:
      return message
  }
}
