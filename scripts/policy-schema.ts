/** Writes the JSON Schema of the policy file. With `--check` it only fails where the file is out of date. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { policySchema } from '../packages/spillway/src/policy/policy-schema.js'

const file = 'spec/policy.schema.json'
const root = new URL('..', import.meta.url)
const path = new URL(file, root)
const schema = execFileSync('npx', ['biome', 'format', `--stdin-file-path=${file}`], {
  cwd: root,
  encoding: 'utf8',
  input: JSON.stringify(policySchema()),
  stdio: ['pipe', 'pipe', 'ignore'],
})

if (!process.argv.includes('--check')) {
  writeFileSync(path, schema)
} else if (!existsSync(path) || readFileSync(path, 'utf8') !== schema) {
  console.error(`${file} is out of date: run \`npx tsx scripts/policy-schema.ts\``)
  process.exitCode = 1
}
