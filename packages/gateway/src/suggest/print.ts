import pc from 'picocolors'
import { counted, number } from '../spelling/numbers.js'
import { plainText } from '../spelling/plain-text.js'
import type { Terminal } from '../terminal/terminal.js'
import { spellKinds, whySuspicious } from './rule-comments.js'
import type { Effect, Suggestion } from './suggestion.js'
import { refusedOf } from './words.js'

/** So many outliers are named to a person. */
const FEW_OUTLIERS = 5

/**
 * Sums a suggestion up for a person, on standard error: what was found, whom it refuses, and what to do next. `call` is
 * how the same log is to be replayed.
 */
export function printSummary(
  { whole, rules, fitted, heldOut, outliers, notes }: Suggestion,
  call: readonly string[],
  output: string | undefined,
  terminal: Terminal,
): void {
  const { bold } = pc.createColors(terminal.interactive)
  const quotas = rules.reduce((sum, rule) => sum + rule.quotas.length, 0)
  terminal.err(
    bold(`${counted(rules.length, 'rule')} with ${counted(quotas, 'quota')}`) +
      ` from ${counted(whole.requests, 'request')} of ${counted(whole.all.clients, 'client')}`,
  )
  terminal.err(`  fitted part  ${told(fitted)}`)
  if (heldOut !== undefined) terminal.err(`  held out     ${told(heldOut)}`)
  terminal.err(`  whole log    ${told(whole)}; ${refusedOf(whole.all)} of all`)
  printOutliers(outliers, terminal)
  for (const note of notes) terminal.err(`note: ${note}`)

  const file = quoted(output ?? 'spillway.yaml')
  if (output === undefined)
    terminal.err('next: put the policy into spillway.yaml, or call it with --output spillway.yaml')
  else terminal.err(`${plainText(output)} is written: put in your upstream`)
  terminal.err(`next: spillway replay ${call.map(quoted).join(' ')} --policy ${file} --report report.html`)
  terminal.err('then: `mode: shadow` in each rule counts whom it would refuse, and refuses nobody')
}

function printOutliers({ byKind, first }: Suggestion['outliers'], terminal: Terminal): void {
  if (first.length === 0) return
  terminal.err(`not counted as legitimate: ${spellKinds(byKind)}`)
  for (const { name, suspicion, requests, refused } of first.slice(0, FEW_OUTLIERS)) {
    terminal.err(
      `  ${plainText(name, 45)}: ${counted(requests, 'request')}, ${number(refused)} refused; ${whySuspicious(suspicion)}`,
    )
  }
}

function told(effect: Effect): string {
  return `${counted(effect.requests, 'request')}: refuses ${refusedOf(effect.legitimate)} that look legitimate`
}

/** A name as a shell takes it. */
function quoted(name: string): string {
  const plain = plainText(name)
  return /^[\w./:@-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", String.raw`'\''`)}'`
}
