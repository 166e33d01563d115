import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Where the command's output goes: pipes, or files that are open. */
export interface CliOutput {
  readonly stdout?: 'pipe' | number
  readonly stderr?: 'pipe' | number
}

/** Starts the command from its source as a process of its own, in a folder. Who starts it ends it. */
export function startCli(
  folder: string,
  args: readonly string[],
  { stdout = 'pipe', stderr = 'pipe' }: CliOutput = {},
): ChildProcessWithoutNullStreams {
  const env = { ...process.env, TMPDIR: folder, TSX_TSCONFIG_PATH: here('../../../../tsconfig.json') }
  return spawn(process.execPath, ['--import', import.meta.resolve('tsx'), here('../../src/cli.ts'), ...args], {
    cwd: folder,
    env,
    stdio: ['pipe', stdout, stderr],
  }) as ChildProcessWithoutNullStreams
}
