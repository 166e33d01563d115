/**
 * What each entry point of the library weighs, bundled and minified with all that it needs but the two large
 * dependencies, and how long Node takes to import it. Fails where an entry is over its limit or off its figure in
 * size.json; `npm run size -- --write` records the figures anew.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const SIZES = new URL('size.json', import.meta.url)
const LIBRARY = fileURLToPath(new URL('../packages/spillway', import.meta.url))
/** Bytes by which an entry may drift from its figure before the figure must be recorded anew. */
const DRIFT = 512
const IMPORTS = 5

interface Figure {
  /** Minified bytes when last recorded. */
  bytes: number
  /** Minified bytes that are never to be exceeded. */
  limit: number
}

async function minifiedBytes(entry: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${entry}'`, resolveDir: LIBRARY },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['node:*', 're2js', 'jose', 'express'],
  })
  return outputFiles[0]?.contents.length ?? 0
}

/** Median milliseconds that a fresh process spends on the import alone. */
function importTime(entry: string): number {
  const script = `const start = performance.now(); await import('${entry}'); process.stdout.write(String(performance.now() - start))`
  const times = Array.from({ length: IMPORTS }, () => {
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: LIBRARY })
    return Number(stdout)
  })
  return times.sort((a, b) => a - b)[Math.floor(IMPORTS / 2)] as number
}

function fault({ bytes, limit }: Figure, measured: number): string {
  if (measured > limit) return `over its limit of ${limit} bytes`
  if (Math.abs(measured - bytes) > DRIFT) return `size.json says ${bytes} bytes: npm run size -- --write`
  return ''
}

const write = process.argv.includes('--write')
const figures: Record<string, Figure> = JSON.parse(readFileSync(SIZES, 'utf8'))

for (const [entry, figure] of Object.entries(figures)) {
  const measured = await minifiedBytes(entry)
  if (write) figure.bytes = measured
  const complaint = fault(figure, measured)
  if (complaint !== '') process.exitCode = 1
  console.log(
    `${entry.padEnd(18)} ${String(measured).padStart(7)} B  ${importTime(entry).toFixed(1).padStart(5)} ms  ${complaint}`,
  )
}

if (write) writeFileSync(SIZES, `${JSON.stringify(figures, undefined, 2)}\n`)
