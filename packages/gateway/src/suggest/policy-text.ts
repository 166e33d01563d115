import { counted, moment, number, shortPercent } from '../spelling/numbers.js'
import type { RuleText } from './rule-text.js'
import { commentText, rulesText } from './rule-text.js'
import type { Effect, Suggestion } from './suggestion.js'
import { refusedOf } from './words.js'

/** The text of a policy file, with what a replay of it found at its head. */
export function policyText(facts: Omit<Suggestion, 'yaml'>, identity: string, rules: readonly RuleText[]): string {
  const { whole, fitted, heldOut, refuse, from, to, notes } = facts
  const head = [
    `Suggested by \`spillway suggest\` from ${counted(whole.requests, 'request')} of ${counted(whole.all.clients, 'client')}, ${moment(from)} to ${moment(to)} UTC.`,
    `Limits are such that at most ${shortPercent(refuse)} of the clients that look legitimate would be refused. A replay of this file says:`,
    `- of the ${counted(fitted.requests, 'request')} that it was fitted to, it refuses ${legitimate(fitted)};`,
    ...(heldOut === undefined
      ? []
      : [`- of the ${number(heldOut.requests)} after them, it refuses ${legitimate(heldOut)};`]),
    `- of the whole log, it refuses ${legitimate(whole)}, and ${refusedOf(whole.all)} of everybody.`,
    ...notes.map((note) => `Note: ${note}.`),
    'Try it before it refuses anyone: `mode: shadow` in a rule decides and counts, and lets everything through.',
  ]
  return `${head.map((text) => commentText(text)).join('\n')}

listen: 127.0.0.1:8080                # where clients connect
upstream: http://127.0.0.1:3000       # the service that is protected

${identity}
# The first rule that matches applies.
${rulesText(rules)}`
}

function legitimate(effect: Effect): string {
  return `${refusedOf(effect.legitimate)} that ${effect.legitimate.clients === 1 ? 'looks' : 'look'} legitimate`
}
