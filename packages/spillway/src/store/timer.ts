import type { Micros } from '../core/units.js'
import { MILLISECOND } from '../core/units.js'

/** What Node's timers have and those of the web have not. */
interface Unrefable {
  unref?(): void
}

interface Platform {
  setImmediate?(run: () => void): void
}

/** Runs `run` once when `span` has passed, on a timer that keeps no process alive. Gives what stops it. */
export function afterwards(span: Micros, run: () => void): () => void {
  const timer = setTimeout(run, span / MILLISECOND)
  const { unref } = timer as Unrefable
  unref?.call(timer)
  return () => clearTimeout(timer)
}

/** Runs `run` once all that has already arrived at this process has been read. */
export function soon(run: () => void): void {
  const platform = globalThis as Platform
  if (platform.setImmediate === undefined) setTimeout(run, 0)
  else platform.setImmediate(run)
}
