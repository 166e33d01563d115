import { Writable } from 'node:stream'
import type { Logger } from 'pino'
import { pino } from 'pino'

/** A log, and the lines that were written to it. */
export function logLines(): { readonly log: Logger; readonly lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = []
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  return { log: pino(sink), lines }
}
