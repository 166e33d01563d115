import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'

/** Who runs on which core: the servers on the last one, what asks them on the others. */
const LAST = cpus().length - 1
const CORES = { server: String(LAST), client: LAST > 1 ? `0-${LAST - 1}` : '0' } as const

/** Keeps a process to its core, where the machine has two and can do it: the system would move it about. */
export function pin(pid: number, role: keyof typeof CORES): void {
  if (LAST === 0) return
  try {
    execFileSync('taskset', ['-acp', CORES[role], String(pid)], { stdio: 'pipe' })
  } catch {
    // Without the program the system decides.
  }
}
