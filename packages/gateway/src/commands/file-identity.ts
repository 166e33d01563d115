import { stat } from 'node:fs/promises'

/** The same for all names of a file, links too. Absent where there is none. */
export function identityOf(file: string): Promise<string | undefined> {
  return stat(file, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  )
}
