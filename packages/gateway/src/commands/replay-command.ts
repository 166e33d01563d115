import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { FORMAT_NAMES } from '../logs/formats/names.js'
import type { ReplayOptions } from './replay.js'
import type { Terminal } from './terminal.js'

/** Puts `replay` on the command line; what it needs is loaded when it is called. */
export function addReplay(program: Command, policy: string, terminal: Terminal): void {
  program
    .command('replay')
    .summary('show what a policy would have done to the requests of a log')
    .description(
      'Show what a policy would have done to the requests of access logs. Exits with 1 where a log or the policy cannot be read.',
    )
    .argument('<log...>', 'files, patterns of files, or - for standard input; gzip and zstd are unpacked')
    .option('--policy <file>', 'the policy file', policy)
    .addOption(new Option('--format <name>', 'the format of the logs; absent, it is recognised').choices(FORMAT_NAMES))
    .option('--utc-offset <offset>', 'of times that do not say it themselves, such as +02:00', parseUtcOffset, 0)
    .option('--top <count>', 'how many names a list shows', parseCount, 10)
    .option('--json', 'print one JSON object')
    .action(async (logs: string[], options: ReplayOptions) => {
      const { replay } = await import('./replay.js')
      process.exitCode = await replay(logs, options, process.env, terminal)
    })
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
