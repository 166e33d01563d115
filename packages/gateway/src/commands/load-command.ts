import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { parseDuration } from 'spillway'
import type { Terminal } from '../terminal/terminal.js'
import type { LoadOptions } from './load.js'
import { repeatable } from './repeatable.js'

const TEN_SECONDS = 10_000_000

/** Puts `load` on the command line; what it needs is loaded when it is called. */
export function addLoad(program: Command, policy: string, terminal: Terminal): void {
  program
    .command('load')
    .summary('send requests at a constant rate and judge the limiter')
    .description(
      'Send requests at a constant rate, however long the answers take, and judge the limiter: whether a client got more than ' +
        'its policy allows, whether each Retry-After was true, what the limiter cost. Exits with 1 where it could not, with 3 ' +
        'where something did not hold.',
    )
    .argument('<url>', 'where to send them: a loopback address')
    .option('--rate <number>', 'requests a second', countUpTo(1_000_000), 100)
    .addOption(new Option('--duration <span>', 'such as 60s').argParser(duration).default(TEN_SECONDS, '10s'))
    .option('--clients <number>', 'how many clients there are', countUpTo(100_000), 10)
    .option('--client-header <line>', "the header that tells clients apart: 'x-api-key: key-{n}'")
    .option(
      '--keys <file>',
      'a file with a key on each line, for {key} in --client-header (default "x-api-key: {key}")',
    )
    .option('--client-address <range>', 'the addresses that clients have in X-Forwarded-For, such as 10.0.0.0/16')
    .option('--policy <file>', `what the limiter is judged by (default: ${policy}, if it is there)`)
    .option('--method <method>', 'of the requests', 'GET')
    .addOption(repeatable('--header <line>', 'a header of each request; may be repeated', 'none'))
    .option('--body <text>', 'of each request; @FILE is what a file holds')
    .addOption(repeatable('--path <path>', 'in place of the one in the URL; repeated, they come in turn', "the URL's"))
    .addOption(
      new Option('--timeout <span>', 'how long is waited for an answer')
        .argParser(duration)
        .default(TEN_SECONDS, '10s'),
    )
    .option('--baseline <url>', 'the same service without the limiter: what the limiter costs is the difference')
    .option('--i-own-this-host', 'the host is not this machine, and is yours to put under load')
    .option('--json', 'print one JSON object')
    .action(async (url: string, options: LoadOptions) => {
      const { load } = await import('./load.js')
      const leaving = new AbortController()
      // A second signal ends the process at once.
      process.once('SIGINT', () => leaving.abort())
      process.exitCode = await load(url, options, process.env, terminal, { policy, signal: leaving.signal })
    })
}

function countUpTo(most: number): (text: string) => number {
  return (text) => {
    const count = Number(text)
    if (/^\d+$/.test(text) && count >= 1 && count <= most) return count
    throw new InvalidArgumentError(`it is a whole number from 1 to ${most}.`)
  }
}

const DAY = 86_400_000_000

function duration(text: string): number {
  try {
    const span = parseDuration(text)
    if (span >= 1000 && span <= DAY) return span
  } catch {
    // Told below, as for one that is out of range.
  }
  throw new InvalidArgumentError('it is a span from 1ms to 24h, such as 500ms, 60s or 10m.')
}
