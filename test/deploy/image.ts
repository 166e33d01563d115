import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, matchesGlob } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Instructions of the Dockerfile, by stage, each as its word and the rest of its line. */
export function stages(): (readonly [word: string, rest: string])[][] {
  const found: (readonly [string, string])[][] = []
  for (const line of readFileSync(join(ROOT, 'Dockerfile'), 'utf8').split('\n')) {
    const [, word, rest] = /^([A-Z]+) (.*)$/.exec(line) ?? []
    if (word === undefined || rest === undefined) continue
    if (word === 'FROM') found.push([])
    found.at(-1)?.push([word, rest])
  }
  return found
}

/**
 * Does by hand what an engine would: sends the files that `.dockerignore` lets through, runs the `RUN` lines of the first
 * stage on them, and copies what the second stage copies. Everything lies under `folder`, the image's own files in
 * `image`.
 */
export function buildImage(folder: string): void {
  const [build = [], final = []] = stages()
  const context = join(folder, 'build')
  for (const file of sentFiles()) {
    mkdirSync(dirname(join(context, file)), { recursive: true })
    cpSync(join(ROOT, file), join(context, file))
  }
  mkdirSync(join(folder, 'tmp'))
  for (const [word, rest] of build) {
    if (word === 'RUN')
      execFileSync('sh', ['-c', inFolder(rest, folder)], { cwd: context, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  for (const [word, rest] of final) {
    if (word !== 'COPY') continue
    const [from = '', to = ''] = rest.replace('--from=build ', '').split(' ')
    cpSync(rest.startsWith('--from') ? join(folder, from) : join(context, from), join(folder, 'image', to), {
      recursive: true,
    })
  }
}

/** Paths of the image become paths in a folder. */
function inFolder(command: string, folder: string): string {
  return command.replaceAll(/(?<= )\/(app|tmp)\b/g, `${folder}/$1`)
}

function sentFiles(): string[] {
  const rules = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n').filter(Boolean)
  return filesIn('').filter((file) => {
    const last = rules.findLast((rule) => covers(rule.replace(/^!/, ''), file))
    return last === undefined || last.startsWith('!')
  })
}

/** A pattern that fits a folder covers all that is in it. */
function covers(pattern: string, file: string): boolean {
  const parts = file.split('/')
  return parts.some((_, i) => matchesGlob(parts.slice(0, i + 1).join('/'), pattern))
}

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.name === '.git' || entry.name === 'node_modules') return []
    return entry.isDirectory() ? filesIn(path) : [path]
  })
}
