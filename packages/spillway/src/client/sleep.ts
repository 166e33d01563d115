import type { AlarmClock, Micros } from '../core/units.js'
import { onAbort } from '../store/on-abort.js'

/** Resolves when the span has passed. Rejects with the signal's reason where that is aborted before. */
export function sleep(clock: AlarmClock, span: Micros, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const wakeNoMore = clock.wake(span, () => {
      listenNoMore?.()
      resolve()
    })
    const abort = (): void => {
      wakeNoMore()
      reject(signal?.reason)
    }
    const listenNoMore = signal && onAbort(signal, abort)
  })
}
