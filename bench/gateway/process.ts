import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

type Process = ChildProcessByStdio<null, Readable, null>

/** The first line that a process prints. Rejects where it ends without one. */
export async function firstLine(child: Process): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) {
    // Nobody reads the rest; unread, it would hold the process up.
    child.stdout.resume()
    return line
  }
  throw new Error('the process ended before it said that it listens')
}

/** Ends a process and waits until it is gone. */
export async function stopProcess(child: Process): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
