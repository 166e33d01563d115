/** A client that tells of what befalls its connection. */
interface Telling {
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** A client that is not connected tries again several times in so many milliseconds, and tells of each failure. */
const RECENTLY = 1_000

/**
 * Listens to the errors of a client, which would be printed or end the process where nobody does. Gives the last one, if
 * it is recent: with what a client then rejects says only that there is no connection, and not that the password is wrong.
 */
export function lastErrorOf(client: Telling): () => Error | undefined {
  let last: Error | undefined
  let toldAt = 0
  client.on('error', (error) => {
    last = innermost(error)
    toldAt = performance.now()
  })
  return () => (performance.now() - toldAt < RECENTLY ? last : undefined)
}

/** Of several addresses, or several nodes of a Cluster, that have all failed, what one of them said. */
function innermost(error: Error & { readonly lastNodeError?: Error; readonly errors?: readonly Error[] }): Error {
  return error.lastNodeError ?? error.errors?.[0] ?? error
}
