import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Ends a process by a signal, and waits until it is gone. Does nothing where it is gone already, however it ended. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}
