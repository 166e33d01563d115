import type { AlarmClock, Micros } from '../core/units.js'

/** Resolves when the span has passed. Rejects with the signal's reason where that is aborted before. */
export function sleep(clock: AlarmClock, span: Micros, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const abort = (): void => {
      callOff()
      reject(signal?.reason)
    }
    const callOff = clock.wake(span, () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    })
    signal?.addEventListener('abort', abort, { once: true })
  })
}
