const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Tidies up where a signal ends this process, which then ends by that signal as if nobody had listened. Gives what takes
 * the listeners back.
 */
export function onInterrupt(tidyUp: () => void): () => void {
  const end = (signal: NodeJS.Signals) => {
    release()
    tidyUp()
    process.kill(process.pid, signal)
  }
  const release = () => {
    for (const signal of SIGNALS) process.off(signal, end)
  }
  for (const signal of SIGNALS) process.on(signal, end)
  return release
}
