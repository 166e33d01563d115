import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import type { FieldNames } from '../logs/formats/json.js'
import { FORMAT_NAMES } from '../logs/formats/names.js'
import type { Condition } from '../replay/fail-if.js'
import { parseCondition } from '../replay/fail-if.js'
import type { UserField } from '../replay/who.js'
import type { ReplayOptions } from './replay.js'
import type { Terminal } from './terminal.js'

/** Puts `replay` on the command line; what it needs is loaded when it is called. */
export function addReplay(program: Command, policy: string, terminal: Terminal): void {
  program
    .command('replay')
    .summary('show what a policy would have done to the requests of a log')
    .description(
      'Show what a policy would have done to the requests of access logs. Exits with 1 where a log or the policy cannot be read, with 3 where a condition of --fail-if is met.',
    )
    .argument('<log...>', 'files, patterns of files, or - for standard input; gzip and zstd are unpacked')
    .option('--policy <file>', 'the policy file', policy)
    .addOption(new Option('--format <name>', 'the format of the logs; absent, it is recognised').choices(FORMAT_NAMES))
    .option('--fields <names>', 'where JSON lines have a field: time=when,address=client.ip', parseFields)
    .option('--utc-offset <offset>', 'of times that do not say it themselves, such as +02:00', parseUtcOffset, 0)
    .option('--user <field>', 'who asks: address, remote-user, header:NAME or query:NAME', parseUser)
    .option('--groups <file>', 'a CSV file of users and their groups')
    .option('--compare <file>', 'another policy: which clients it would newly refuse or free')
    .option('--fail-if <condition>', 'such as "denied.clients > 0.1%"; may be repeated', addCondition, [])
    .option('--top <count>', 'how many names a list shows', parseCount, 10)
    .option('--json', 'print one JSON object')
    .action(async (logs: string[], options: ReplayOptions) => {
      const { replay } = await import('./replay.js')
      process.exitCode = await replay(logs, options, process.env, terminal)
    })
}

/** Fields by name; kept apart from the formats, which are loaded later. */
const FIELDS = ['time', 'address', 'user', 'method', 'target', 'request', 'status', 'user-agent']

function parseFields(text: string): FieldNames {
  const pairs = text.split(',').map((pair) => pair.split('='))
  for (const [field = '', path = '', more] of pairs) {
    if (FIELDS.includes(field) && path !== '' && more === undefined) continue
    throw new InvalidArgumentError(`fields are ${FIELDS.join(', ')}, each as FIELD=NAME, with commas between.`)
  }
  return Object.fromEntries(pairs)
}

function parseUser(text: string): UserField {
  if (text === 'address' || text === 'remote-user') return { by: text }
  const [, by, name = ''] = /^(header|query):(.+)$/.exec(text) ?? []
  if (by === 'query') return { by, name }
  if (by === 'header' && /^[\w!#$%&'*+.^`|~-]+$/.test(name)) return { by, name: name.toLowerCase() }
  throw new InvalidArgumentError('who asks is address, remote-user, header:NAME or query:NAME.')
}

function addCondition(text: string, conditions: readonly Condition[]): readonly Condition[] {
  try {
    return [...conditions, parseCondition(text)]
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : text)
  }
}

function parseUtcOffset(text: string): number {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(text)
  if (match === null) throw new InvalidArgumentError('an offset is hours and minutes, such as +02:00 or -05:30.')
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60
  return match[1] === '-' ? -seconds : seconds
}

function parseCount(text: string): number {
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= 10_000) return count
  throw new InvalidArgumentError('a count is a number from 1 to 10000.')
}
