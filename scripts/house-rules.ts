/** The rules of the house that the linter does not know. Prints `FILE:LINE: MESSAGE` for each breach. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Half of the source files are to be shorter than this. */
const HALF_UNDER = 110

interface Rule {
  readonly pattern: RegExp
  readonly message: string
  /** Lines at the top of a file in which the pattern may stand. */
  readonly head?: number
}

// The words are put together here, or this file would break its own rules.
const RULES: readonly Rule[] = [
  { pattern: new RegExp(`\\b(TO${'DO'}|FIX${'ME'})\\b`), message: 'finish it, or write an issue' },
  { pattern: new RegExp(`biome-${'ignore'}`), message: 'an exception stands in the first line and says why', head: 1 },
  { pattern: new RegExp(`@ts-${'(ignore|nocheck)'}`), message: 'the type checker is not to be silenced' },
  { pattern: /(from|import) '\.{1,2}\/[^']*(?<!\.js|\.json)'/, message: 'a relative import ends in .js' },
]

const LOCK_FILE = { pattern: /"resolved": "http/, message: 'the lock file names no registry' }

const listed = execFileSync('git', ['ls-files', '*.ts', '*.yaml', '*.json', '*.cjs'], { encoding: 'utf8' })
const files = listed.split('\n').filter((file) => file !== '')

function breaches(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  const rules: readonly Rule[] = file === 'package-lock.json' ? [LOCK_FILE] : RULES
  return lines.flatMap((line, index) =>
    rules
      .filter(({ pattern, head = 0 }) => index >= head && pattern.test(line))
      .map(({ message }) => `${file}:${index + 1}: ${message}`),
  )
}

function medianLength(): number {
  const sources = files.filter((file) => /^packages\/.*\/src\/.*\.ts$/.test(file) && !file.endsWith('.test.ts'))
  const lengths = sources.map((file) => readFileSync(file, 'utf8').split('\n').length - 1).sort((a, b) => a - b)
  return lengths[Math.floor(lengths.length / 2)] ?? 0
}

const found = files.flatMap(breaches)
const median = medianLength()
if (median >= HALF_UNDER)
  found.push(`packages: the median source file has ${median} lines; half are to be under ${HALF_UNDER}`)

for (const breach of found) console.error(breach)
if (found.length > 0) process.exitCode = 1
