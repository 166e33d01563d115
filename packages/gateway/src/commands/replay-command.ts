import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import type { Condition } from '../replay/fail-if.js'
import { parseCondition } from '../replay/fail-if.js'
import type { Terminal } from '../terminal/terminal.js'
import { addLogOptions } from './log-options.js'
import type { ReplayOptions } from './replay.js'

/** Puts `replay` on the command line; what it needs is loaded when it is called. */
export function addReplay(program: Command, policy: string, terminal: Terminal): void {
  const command = program
    .command('replay')
    .summary('show what a policy would have done to the requests of a log')
    .description(
      'Show what a policy would have done to the requests of access logs. Exits with 1 where a log or the policy cannot be read, with 3 where a condition of --fail-if is met.',
    )
  addLogOptions(command)
    .option('--policy <file>', 'the policy file, or - for standard input', policy)
    .option('--compare <file>', 'another policy: which clients it would newly refuse or free')
    .addOption(
      new Option('--fail-if <condition>', 'such as "denied.clients > 0.1%"; may be repeated')
        .argParser(addCondition)
        .default([], 'none'),
    )
    .option('--top <count>', 'how many names a list shows', parseCount, 10)
    .option('--report <file>', 'write a page (HTML) that shows it all, with a slider for each limit')
    .option('--json', 'print one JSON object')
    .action(async (logs: string[], options: ReplayOptions) => {
      const { replay } = await import('./replay.js')
      process.exitCode = await replay(logs, options, process.env, terminal)
    })
}

function addCondition(text: string, conditions: readonly Condition[]): readonly Condition[] {
  try {
    return [...conditions, parseCondition(text)]
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : text)
  }
}

function parseCount(text: string): number {
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= 10_000) return count
  throw new InvalidArgumentError('a count is a number from 1 to 10000.')
}
