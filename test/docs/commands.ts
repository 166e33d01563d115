import workspace from '../../package.json' with { type: 'json' }
import type { Block } from './blocks.js'

/**
 * Commands that a page may name. What they do is tested elsewhere: `npm start` in start.test.ts, `spillway` with the
 * gateway.
 */
const KNOWN = [
  /^git clone /,
  /^cd [\w./-]+$/,
  /^npm (ci|start|test|install|i)\b/,
  new RegExp(`^npm run (${Object.keys(workspace.scripts).join('|')})( |$)`),
  /^npx (spillway|tsx|vitest|biome) /,
  /^\.ci\/run$/,
  /^spillway (serve|check|explain|replay|suggest)\b/,
  /^curl /,
  /^(export )?[A-Z_]+=/,
  /^kill -(TERM|HUP) /,
]

/** The commands of a shell block that nothing here knows. Comments and lines that go on with `\` are one with their command. */
export function unknownCommands({ place, code }: Block): string[] {
  const commands = code.replace(/\\\n\s*/g, ' ').split('\n')
  return commands
    .map((command) => command.replace(/^\$ /, '').trim())
    .filter((command) => command !== '' && !command.startsWith('#'))
    .flatMap((line) => line.split(/ && /))
    .filter((command) => !KNOWN.some((known) => known.test(command)))
    .map((command) => `${place}: ${command}`)
}
