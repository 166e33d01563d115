import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import type { FieldNames, FormatName } from '../logs/formats/names.js'
import { FIELDS, FORMAT_NAMES } from '../logs/formats/names.js'
import type { UserField } from '../replay/who.js'

/** Which logs a command reads, and how: what `replay` and `suggest` have in common. */
export interface LogCall {
  readonly format?: FormatName
  /** Where JSON lines have what is asked for. */
  readonly fields?: FieldNames
  /** Seconds from UTC of times that do not say it themselves. */
  readonly utcOffset: number
  /** What of the log says who asked, before what a policy says. */
  readonly user?: UserField
  /** A CSV file of users and their groups. */
  readonly groups?: string
}

/** Puts on a command the logs that it reads, and how. */
export function addLogOptions(command: Command): Command {
  return command
    .argument('<log...>', 'files, patterns of files, or - for standard input; gzip and zstd are unpacked')
    .addOption(new Option('--format <name>', 'the format of the logs; absent, it is recognised').choices(FORMAT_NAMES))
    .option('--fields <names>', 'where JSON lines have a field: time=when,address=client.ip', parseFields)
    .addOption(
      new Option('--utc-offset <offset>', 'of times that do not say it themselves, such as +02:00')
        .argParser(parseUtcOffset)
        .default(0, '+00:00'),
    )
    .option('--user <field>', 'who asks: address, remote-user, header:NAME or query:NAME', parseUser)
    .option('--groups <file>', 'a CSV file of users and their groups')
}

function parseFields(text: string): FieldNames {
  const pairs = text.split(',').map((pair) => pair.split('='))
  for (const [field = '', path = '', more] of pairs) {
    if (FIELDS.some((name) => name === field) && path !== '' && more === undefined) continue
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

function parseUtcOffset(text: string): number {
  const match = /^([+-])(0\d|1[0-8]):?([0-5]\d)$/.exec(text)
  if (match === null)
    throw new InvalidArgumentError('an offset is hours and minutes, such as +02:00 or -05:30, at most 18 hours.')
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60
  return match[1] === '-' ? -seconds : seconds
}
