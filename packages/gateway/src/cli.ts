#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import type { CheckOptions } from './commands/check.js'
import type { ExplainOptions } from './commands/explain.js'
import type { InitOptions } from './commands/init.js'
import { addLoad } from './commands/load-command.js'
import { LOG_LEVELS } from './commands/log-level.js'
import type { PolicyOption } from './commands/policy-option.js'
import { policyFile, policyOption } from './commands/policy-option.js'
import { repeatable } from './commands/repeatable.js'
import { addReplay } from './commands/replay-command.js'
import type { ServeOptions } from './commands/serve.js'
import { addSuggest } from './commands/suggest-command.js'
import { isStandardInput } from './policy-file/read-text.js'
import { outliveOutput, processTerminal } from './terminal/terminal.js'

const DEFAULT_FILE = 'spillway.yaml'
const POLICY_FILE = 'the policy file, or - for standard input'
const WRONG_CALL = 2

const terminal = processTerminal()

const program = new Command('spillway')
  .description(manifest.description)
  .version(manifest.version, '--version', 'print the version')
  .exitOverride()

program
  .command('serve')
  .summary('run the gateway of a policy file')
  .description('Run the gateway of a policy file until SIGTERM or SIGINT. Logs are JSON lines on standard error.')
  .argument('[file]', POLICY_FILE, DEFAULT_FILE)
  .addOption(policyOption())
  .option('--port <port>', 'listen on this port instead of the one in the file; 0 takes a free one', parsePort)
  .addOption(new Option('--log-level <level>', 'what is logged').choices(LOG_LEVELS).default('info'))
  .option('--watch', 'put the policy in force anew whenever its file changes; SIGHUP does it once')
  .action(async (argument: string, options: ServeOptions & PolicyOption, command: Command) => {
    const file = policyFile(argument, options, command)
    if (options.watch && isStandardInput(file))
      command.error('error: --watch wants a file: standard input is read once')
    const { serve } = await import('./commands/serve.js')
    outliveOutput()
    process.exitCode = await serve(file, options, process.env, terminal)
  })

program
  .command('check')
  .summary('find the faults of a policy file')
  .description('Find the faults of a policy file, and what is probably not meant. Exits with 1 where there are faults.')
  .argument('[file]', POLICY_FILE, DEFAULT_FILE)
  .addOption(policyOption())
  .option('--strict', 'take warnings for errors')
  .option('--json', 'print one JSON object')
  .action(async (file: string, options: CheckOptions & PolicyOption, command: Command) => {
    const { check } = await import('./commands/check.js')
    process.exitCode = await check(policyFile(file, options, command), options, process.env, terminal)
  })

addReplay(program, DEFAULT_FILE, terminal)
addSuggest(program, terminal)
addLoad(program, DEFAULT_FILE, terminal)

program
  .command('init')
  .summary('write a policy file to start from')
  .description('Write a commented policy file to start from.')
  .argument('[file]', 'the policy file, or - for standard output', DEFAULT_FILE)
  .option('--force', 'replace the file if it is there')
  .action(async (file: string, options: InitOptions) => {
    const { init } = await import('./commands/init.js')
    process.exitCode = await init(file, options, terminal)
  })

program
  .command('explain')
  .summary('tell why a request is answered as it is')
  .description(
    'Tell what a request would be answered and why, without charging it: as for a fresh client, or by the counts of the ' +
      "policy's store. With --id: why a running gateway has refused a request.",
  )
  .argument('[method]', 'as on the request line: GET')
  .argument('[target]', 'as on the request line: /towns')
  .option('--policy <file>', POLICY_FILE, DEFAULT_FILE)
  .addOption(repeatable('--header <line>', 'a header of the request, such as "x-api-key: …"; may be repeated', 'none'))
  .option('--from <address>', 'the address that the connection comes from')
  .option('--store', "read the counts of the policy's Redis or Valkey")
  .option('--json', 'print one JSON object')
  .option('--id <id>', 'explain the denial with this request id')
  .option('--admin <url>', 'where the gateway that has refused it tells about itself: http://127.0.0.1:9090')
  .option('--token <token>', "the token of its policy's admin. Default: SPILLWAY_ADMIN_TOKEN")
  .action(async (method: string | undefined, target: string | undefined, options: ExplainOptions) => {
    const { explain } = await import('./commands/explain.js')
    process.exitCode = await explain(method, target, options, process.env, terminal)
  })

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('a port is a number from 0 to 65535.')
}

for (const command of [program, ...program.commands]) {
  const words = command === program ? 'spillway' : `spillway ${command.name()}`
  command.showHelpAfterError(`\`${words} --help\` says more`)
}

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : WRONG_CALL
}
