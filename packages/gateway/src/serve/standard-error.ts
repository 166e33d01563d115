import type { DestinationStream } from 'pino'
import { pino } from 'pino'

/** So many bytes of lines wait where none can be written, as on a full disk; those beyond them are lost. */
const MOST_WAITING = 1_000_000

/** Where the lines of a log go, each at once. One that cannot be written waits for the next, and stops no gateway. */
export function standardError(): DestinationStream {
  const destination = pino.destination({ dest: 2, sync: true, maxLength: MOST_WAITING })
  destination.on('error', () => undefined)
  // A line that is dropped tries nothing: those that wait would wait for ever.
  destination.on('drop', () => destination.write(''))
  return destination
}
