import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { loadPolicyFile } from '../../packages/gateway/src/policy-file/load-policy-file.js'
import type { Block } from './blocks.js'

const NAMED = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g
const A_SECRET = 'a-secret-that-is-long-enough-for-any-algorithm-of-these-pages-and-then-some'

/** A rule for a fragment that shows none. */
const RULES = [{ path: '/towns', quotas: '1/second' }]

/**
 * Loads a policy as the gateway does, with a value for every variable that it names. A block that is marked `fragment` is
 * a part of one: some top-level keys, a rule, or a list of rules. Throws what is wrong.
 */
export async function loadBlock({ code, marks, language }: Block): Promise<void> {
  const env = Object.fromEntries([...code.matchAll(NAMED)].map(([, name]) => [name, A_SECRET]))
  const text = marks.includes('fragment') ? JSON.stringify(completed(parse(code))) : code

  const folder = mkdtempSync(join(tmpdir(), 'spillway-docs-'))
  try {
    const file = join(folder, `policy.${marks.includes('fragment') ? 'json' : language}`)
    writeFileSync(file, text)
    await loadPolicyFile(file, env)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function completed(part: unknown): unknown {
  if (Array.isArray(part)) return { rules: part }
  if (typeof part !== 'object' || part === null) throw new Error('a fragment is an object or a list of rules')
  if ('path' in part || 'regex' in part) return { rules: [part] }
  return 'rules' in part || 'layers' in part ? part : { ...part, rules: RULES }
}
