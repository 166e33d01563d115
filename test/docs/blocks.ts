import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A fenced code block of a page. */
export interface Block {
  /** `docs/identity.md:12`: the line of the opening fence. */
  readonly place: string
  /** The first word after the fence. */
  readonly language: string
  /** The words after it. */
  readonly marks: readonly string[]
  readonly code: string
}

const FENCE = /^(?<indent> *)(?<fence>`{3,})(?<info>[^`\n]*)\n(?<code>[\s\S]*?)^ *\k<fence>[ \t]*$/gm

/** Every page of the project that a person reads. The specification has formulas, no code. */
export function pages(): string[] {
  const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md', ':!spec'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return tracked.split('\n').filter((page) => page !== '')
}

export function blocksOf(page: string): Block[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(FENCE)].map(({ index, groups = {} }) => {
    const [language = '', ...marks] = (groups.info ?? '').trim().split(/\s+/)
    const line = text.slice(0, index).split('\n').length
    const indent = new RegExp(`^ {0,${groups.indent?.length ?? 0}}`, 'gm')
    return { place: `${page}:${line}`, language, marks, code: (groups.code ?? '').replace(indent, '') }
  })
}
