import type { Command } from 'commander'
import { Option } from 'commander'

/** How a command that has the policy file as its argument takes it as the other commands do. */
export interface PolicyOption {
  readonly policy?: string
}

/** Beside the argument of `serve` and `check`, whose default holds where neither is given. */
export function policyOption(): Option {
  return new Option('--policy <file>', 'the policy file, in place of the argument')
}

/** The policy file that is meant. Ends the command as a wrong call where it is given both ways. */
export function policyFile(argument: string, { policy }: PolicyOption, command: Command): string {
  if (policy === undefined) return argument
  if (command.args.length > 0) {
    command.error(`error: the policy file is given twice, as ${command.args[0]} and by --policy ${policy}`)
  }
  return policy
}
