import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const root = new URL('..', import.meta.url)

/**
 * Writes a file that a script makes, TypeScript formatted. With `--check` the script only fails where the file is out
 * of date.
 */
export function keepUpToDate(file: string, text: string, script: string): void {
  const path = new URL(file, root)
  const made = file.endsWith('.ts') ? formatted(file, text) : text
  if (!process.argv.includes('--check')) {
    writeFileSync(path, made)
  } else if (!existsSync(path) || readFileSync(path, 'utf8') !== made) {
    console.error(`${file} is out of date: run \`npx tsx ${script}\``)
    process.exitCode = 1
  }
}

function formatted(file: string, text: string): string {
  return execFileSync('npx', ['biome', 'format', `--stdin-file-path=${file}`], {
    cwd: root,
    encoding: 'utf8',
    input: text,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
}
