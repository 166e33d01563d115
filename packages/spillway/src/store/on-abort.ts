interface Listener {
  readonly runs: Set<() => void>
  readonly ring: () => void
}

const listeners = new WeakMap<AbortSignal, Listener>()

/**
 * Runs something once a signal is aborted; returns what calls that off. However many wait for one signal, it has one
 * listener: Node warns of a leak from the eleventh on.
 */
export function onAbort(signal: AbortSignal, run: () => void): () => void {
  const { runs, ring } = listeners.get(signal) ?? listenTo(signal)
  runs.add(run)
  return () => {
    if (!runs.delete(run) || runs.size > 0) return
    signal.removeEventListener('abort', ring)
    listeners.delete(signal)
  }
}

function listenTo(signal: AbortSignal): Listener {
  const runs = new Set<() => void>()
  const ring = (): void => {
    for (const run of runs) run()
  }
  const listener = { runs, ring }
  listeners.set(signal, listener)
  signal.addEventListener('abort', ring, { once: true })
  return listener
}
