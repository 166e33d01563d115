import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import type { Terminal } from '../terminal/terminal.js'
import { addLogOptions } from './log-options.js'
import type { SuggestOptions } from './suggest.js'

/** Puts `suggest` on the command line; what it needs is loaded when it is called. */
export function addSuggest(program: Command, terminal: Terminal): void {
  const command = program
    .command('suggest')
    .summary('write a policy that fits the requests of a log')
    .description(
      'Write a policy that fits the requests of access logs, with the reason of each limit, and say whom it would have refused. Exits with 1 where a log cannot be read or the policy not be written.',
    )
  addLogOptions(command)
    .addOption(
      new Option('--refuse <share>', 'of the clients that look legitimate so many may be refused')
        .argParser(parseShare)
        .default(0.001, '0.1%'),
    )
    .addOption(
      new Option('--hold-out <share>', 'of the requests, the last ones: limits are tried on them, not fitted')
        .argParser(parseShare)
        .default(0.2, '20%'),
    )
    .option('--output <file>', 'write the policy to this file. Default: standard output')
    .option('--force', 'replace the file if it is there')
    .option('--json', 'print one JSON object')
    .action(async (logs: string[], { output, ...options }: SuggestOptions) => {
      const { suggest } = await import('./suggest.js')
      const named = output === undefined || output === '-' ? options : { ...options, output }
      process.exitCode = await suggest(logs, named, terminal)
    })
}

function parseShare(text: string): number {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text) ?? []
  // Read as a decimal, as 0.7 / 100 is not the number that 7 / 1000 is.
  const share = Number(percent === '%' ? `${digits}e-2` : digits)
  if (share <= 0.5) return share
  throw new InvalidArgumentError('a share is a percentage such as 0.1%, from 0 to 50%.')
}
