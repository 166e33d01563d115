/** Prints one line with the figures of a test, past the reporter, which would frame each. */
export function print(line: string): void {
  process.stderr.write(`${line}\n`)
}
