import { execSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds the packages once before the tests that look at what is published. */
export function setup(): void {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  execSync('npm run build', { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}
