/**
 * What the import of each entry point of the library loads, bundled and minified with all that it needs but the large
 * dependencies; what it adds to a program that has `spillway` itself; how long Node takes for it, as the median of some.
 * What an entry loads later, when it is needed, does not count. Fails where an entry adds more than its limit, is more
 * than its whole, takes far too long to import or is off its figures in size.json; `npm run size -- --write` records them
 * anew.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Metafile } from 'esbuild'
import { build } from 'esbuild'

const MAIN = 'spillway'
const SIZES = new URL('size.json', import.meta.url)
const LIBRARY = fileURLToPath(new URL('../packages/spillway', import.meta.url))
/** The share of the whole by which an entry may drift from its figures before they must be recorded anew. */
const DRIFT = 0.03
const IMPORTS = 5
/**
 * Milliseconds that the quickest import of an entry that must be quick may take: 15 are promised, a slow machine gets a
 * third more.
 */
const LONGEST_IMPORT = 20

/** In minified bytes. */
interface Figure {
  /** The whole entry, when last recorded. */
  bytes: number
  /** What it adds to `spillway`; of `spillway` itself the whole. */
  added: number
  /** What it may add at most. */
  limit: number
  /** What the whole may be at most, where a program that has only this entry must stay small. */
  whole?: number
  /** Whether its import must be quick: it loads no framework that takes its own time. */
  quick?: boolean
}

interface Measured extends Pick<Figure, 'bytes' | 'added'> {
  /** Milliseconds of the processor. */
  readonly quickest: number
  readonly median: number
}

async function minifiedBytes(...entries: string[]): Promise<number> {
  const { metafile } = await build({
    stdin: { contents: entries.map((entry, n) => `export * as _${n} from '${entry}'`).join('\n'), resolveDir: LIBRARY },
    bundle: true,
    minify: true,
    write: false,
    outdir: 'out',
    splitting: true,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    target: 'node20',
    mainFields: ['module', 'main'],
    // What is published is weighed: without this the type checker's paths would lead to the sources.
    tsconfigRaw: {},
    external: ['node:*', 're2js', 'jose', 'vitest', '@nestjs/*', '@trpc/*', 'graphql'],
  })
  return loadedWith('out/stdin.js', metafile.outputs)
}

/** The bytes of a file and of all that it imports, but for what it imports later. */
function loadedWith(file: string, outputs: Metafile['outputs']): number {
  const loaded = new Set([file])
  for (const each of loaded) {
    for (const { kind, path } of outputs[each]?.imports ?? []) {
      if (kind === 'import-statement' && path in outputs) loaded.add(path)
    }
  }
  return [...loaded].reduce((sum, each) => sum + (outputs[each]?.bytes ?? 0), 0)
}

/**
 * Milliseconds of the processor that fresh processes spend on the import alone, in order. The clock would tell how busy
 * the machine is.
 */
function importTimes(entry: string): number[] {
  const script = `const start = process.cpuUsage()
    await import('${entry}')
    const { user, system } = process.cpuUsage(start)
    process.stdout.write(String((user + system) / 1000))`
  const times = Array.from({ length: IMPORTS }, () => {
    return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: LIBRARY }))
  })
  return times.sort((a, b) => a - b)
}

async function measure(entry: string): Promise<Measured> {
  const bytes = await minifiedBytes(entry)
  const added = entry === MAIN ? bytes : (await minifiedBytes(MAIN, entry)) - (await minifiedBytes(MAIN))
  const times = importTimes(entry)
  return { bytes, added, quickest: times[0] as number, median: times[Math.floor(IMPORTS / 2)] as number }
}

function fault(recorded: Figure, { bytes, added, quickest }: Measured): string {
  if (bytes > (recorded.whole ?? bytes)) return `is more than ${recorded.whole} bytes as a whole`
  if (recorded.quick && quickest > LONGEST_IMPORT) return `takes more than ${LONGEST_IMPORT} ms to import`
  if (added > recorded.limit) return `adds more than its limit of ${recorded.limit} bytes`
  const drift = Math.max(Math.abs(bytes - recorded.bytes), Math.abs(added - recorded.added))
  return drift > DRIFT * bytes ? 'is off its figures: npm run size -- --write' : ''
}

const write = process.argv.includes('--write')
const figures: Record<string, Figure> = JSON.parse(readFileSync(SIZES, 'utf8'))
console.log('entry point             whole     added     import')

for (const [entry, recorded] of Object.entries(figures)) {
  const measured = await measure(entry)
  if (write) Object.assign(recorded, { bytes: measured.bytes, added: measured.added })
  const complaint = fault(recorded, measured)
  if (complaint !== '') process.exitCode = 1

  const [whole, added] = [measured.bytes, measured.added].map((bytes) => `${bytes} B`.padStart(9))
  console.log(`${entry.padEnd(18)} ${whole} ${added}  ${measured.median.toFixed(1).padStart(6)} ms  ${complaint}`)
}

if (write) writeFileSync(SIZES, `${JSON.stringify(figures, undefined, 2)}\n`)
