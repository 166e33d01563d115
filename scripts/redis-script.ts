/** Writes the Redis store's scripts as TypeScript. With `--check` it only fails where that is out of date. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { keepUpToDate } from './generated-file.js'

const folder = 'packages/spillway/src/store/redis'
const root = new URL('..', import.meta.url)

/** The parts of a script are one chunk: each sees what those before it define. */
const ALONE = ['alone']
const FAST_FORM = ['read', 'run-of-buckets', 'run-of-windows', 'run-of-logs', 'runs']
const PLAIN_FORM = [
  'run-as-calls',
  'state',
  'sliding-window',
  'fixed-window',
  'token-bucket',
  'record',
  'decide',
  'charge',
]
const CHARGE = ['given', ...ALONE, ...FAST_FORM, ...PLAIN_FORM]
const BEAT = ['beat']

const LONGEST_LINE = 120

/** The lines of a part but comments, which stand on lines of their own; `--> NAME` is all lines of another part. */
function linesOf(part: string): string[] {
  const text = readFileSync(new URL(`${folder}/lua/${part}.lua`, root), 'utf8')
  return text
    .split('\n')
    .map((line) => line.trim())
    .flatMap((line) => (line.startsWith('--> ') ? linesOf(line.slice(4)) : [line]))
    .filter((line) => line !== '' && !line.startsWith('--'))
}

/** What names in capitals stand for, as Lua. */
const constants = new Map(linesOf('constants').map((line) => line.split(' = ', 2) as [string, string]))

/** Texts, which stay, names, and signs whose spaces no server need be sent. */
const TEXT_NAME_OR_SIGN = /'[^']*'|\w+|, | = /g

/** A script in long lines: to Lua a line's end is a space. */
function joined(parts: readonly string[]): string {
  let source = ''
  let room = LONGEST_LINE
  for (const written of parts.flatMap(linesOf)) {
    const line = written.replace(TEXT_NAME_OR_SIGN, (each) =>
      each.startsWith("'") ? each : (constants.get(each) ?? each.trim()),
    )
    source += room < line.length ? `\n${line}` : ` ${line}`
    room = (room < line.length ? LONGEST_LINE : room) - line.length - 1
  }
  return source.trim()
}

function constant(name: string, meaning: string, parts: readonly string[]): string {
  const source = joined(parts)
  if (/[`\\$]/.test(source)) throw new Error(`${parts}: a backtick, backslash or dollar would need an escape here`)
  const sha = createHash('sha1').update(source).digest('hex')
  return `/** ${meaning} */\nexport const ${name}: Script = { sha: '${sha}', source: \`${source}\` }\n`
}

const text = `// Made from lua/*.lua by scripts/redis-script.ts. Do not edit.

/** A Lua script, and the SHA-1 by which a server that has run it knows it. */
export interface Script {
  readonly sha: string
  readonly source: string
}

${constant('chargeScript', 'Decides calls: spec/redis.md says what it takes and answers.', CHARGE)}
${constant('beatScript', 'Counts the processes that share a store.', BEAT)}`

keepUpToDate(`${folder}/script.ts`, text, 'scripts/redis-script.ts')
