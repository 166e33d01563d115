import { readFile } from 'node:fs/promises'

/** Why no load can be sent: a sentence that says how to mend it. */
export class LoadError extends Error {
  override readonly name = 'LoadError'
}

/** That something cannot be had: `what` is the sentence, to which the cause is added. */
export function failure(what: string, cause: unknown): LoadError {
  return new LoadError(`${what}: ${cause instanceof Error ? cause.message : cause}`, { cause })
}

/** The text of a file, which holds `what`: `the keys`. Throws a `LoadError` where it cannot be read. */
export function textOf(file: string, what: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw failure(`${what} cannot be read`, error)
  })
}
