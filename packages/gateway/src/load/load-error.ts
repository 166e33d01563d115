/** Why no load can be sent: a sentence that says how to mend it. */
export class LoadError extends Error {
  override readonly name = 'LoadError'
}
