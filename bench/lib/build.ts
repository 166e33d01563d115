import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BENCH = fileURLToPath(new URL('..', import.meta.url))

/** The scripts that run in processes of their own: in plain JavaScript, so that no loader is measured with them. */
const SCRIPTS = [
  'memory/run',
  'size/run',
  'guard/server',
  'fronts/server',
  'gateway/server',
  'gateway/upstream',
  'redis/run',
  'replay/run',
  'redis/alone',
  'redis/steady',
]

/** Builds the packages, and the scripts of the bench that are run as processes. */
export async function buildAll(): Promise<void> {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'pipe' })
  await build({
    entryPoints: SCRIPTS.map((script) => `${BENCH}${script}.ts`),
    outdir: `${BENCH}dist`,
    outbase: BENCH,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  })
}
