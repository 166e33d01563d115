import Table from 'cli-table3'
import pc from 'picocolors'
import { counted, duration, moment, number, percent } from '../spelling/numbers.js'
import { plainText } from '../spelling/plain-text.js'
import type { Terminal } from '../terminal/terminal.js'
import { lateLines } from './late-lines.js'
import type { CompareResult, NamedOutcomes, Refused, RefusedClient, ReplayResult, RuleResult } from './result.js'

/** Prints a result for a person: what would have been refused, by which rule, to whom; of known bots at most `top`. */
export function printResult(result: ReplayResult, top: number, terminal: Terminal): void {
  const bold = pc.createColors(terminal.coloured).bold
  const out = (lines: string) => terminal.out(lines)
  const { denied, blocked, refused, refusedBy } = result

  out(bold(`${counted(result.requests, 'request')} of ${counted(result.clients, 'client')}`) + span(result))
  out(`denied   ${share(denied)}`)
  out(`blocked  ${share(blocked)}`)
  if (refused.requests > 0) {
    const { succeeded, suspect, other } = refusedBy
    out(
      `of the refused requests ${number(succeeded)} had succeeded (a real user), ${number(suspect)} had come to 401, 403 or 404 (likely abuse), ${number(other)} to something else`,
    )
  }
  const { malformed, unidentified } = result
  if (malformed > 0)
    out(`${counted(malformed, 'request')} ${malformed === 1 ? 'has' : 'have'} an ambiguous target: 400`)
  if (unidentified > 0) out(`${counted(unidentified, 'request')} ${unidentified === 1 ? 'is' : 'are'} of nobody: 401`)
  out('')
  out(rulesTable(result.rules))
  if (result.refusedClients.length > 0) out(clientsTable(result.refusedClients))
  if (result.paths.length > 0) out(namedTable('path', result.paths))
  if (result.groups.length > 1) out(namedTable('group', result.groups))
  if (result.bots.byName.length > 0) out(namedTable('known bot', result.bots.byName.slice(0, top)))
  if (result.compare) printComparison(result.compare, terminal)
  for (const each of result.approximate) out(`not exact: ${each}`)
}

function printComparison({ policy, refused, newlyRefused, newlyFreed }: CompareResult, terminal: Terminal): void {
  const { requests, clients } = refused
  terminal.out(`${policy} would have refused ${counted(requests, 'request')} of ${counted(clients, 'client')}`)
  for (const [what, { clients: count, first }] of [
    ['newly refused', newlyRefused],
    ['newly freed', newlyFreed],
  ] as const) {
    const names = first.map(({ name, refused: times }) => `${plainText(name, 45)} (${number(times)})`)
    terminal.out(`  ${what}: ${counted(count, 'client')}${names.length === 0 ? '' : `: ${names.join(', ')}`}`)
  }
}

/** Prints what of the logs could not be read, or was out of order. */
export function printFindings({ requests, unparsed, order }: ReplayResult, terminal: Terminal): void {
  if (requests === 0) terminal.err('there is no request in these logs: nothing was decided')
  const late = lateLines(order, requests)
  if (late !== undefined) terminal.err(late)
  if (order.setBack > 0) terminal.err(`the clock of the log was set back ${counted(order.setBack, 'time')}`)
  if (unparsed.lines === 0) return
  const more = unparsed.lines > unparsed.first.length ? '; the first:' : ':'
  terminal.err(`${counted(unparsed.lines, 'line')} ${unparsed.lines === 1 ? 'is' : 'are'} no request${more}`)
  for (const { file, line, reason, text } of unparsed.first) {
    terminal.err(`  ${plainText(file)}:${line}: ${reason}${text === '' ? '' : `: ${plainText(text, 80)}`}`)
  }
}

function span({ from, to }: ReplayResult): string {
  return from === undefined || to === undefined ? '' : `, ${moment(from)} to ${moment(to)}`
}

function share({ requests, clients, requestShare, clientShare }: Refused): string {
  return `${counted(requests, 'request')} (${percent(requestShare)}) of ${counted(clients, 'client')} (${percent(clientShare)})`
}

function rulesTable(rules: readonly RuleResult[]): string {
  const table = tableOf(['rule', 'requests', 'denied', 'blocked', 'clients', 'refused', 'peaks: 0 … limit, refused'])
  for (const rule of rules) {
    const name = rule.mode === 'enforce' ? rule.name : `${rule.name} (${rule.mode})`
    const { requests, denied, blocked, clients, refusedClients, peaks } = rule
    table.push([name, ...[requests, denied, blocked, clients, refusedClients].map(number), bars(peaks)])
  }
  return table.toString()
}

function clientsTable(clients: readonly RefusedClient[]): string {
  const table = tableOf([
    'refused client',
    'requests',
    'denied',
    'blocked',
    'first',
    'refused for',
    'succeeded',
    'over time',
  ])
  for (const { name, requests, denied, blocked, first, refusedFor, succeeded, timeline } of clients) {
    const counts = [requests, denied, blocked].map(number)
    const time = timeline === undefined ? '' : bars(timeline.refused)
    table.push([plainText(name, 45), ...counts, moment(first), duration(refusedFor), number(succeeded), time])
  }
  return table.toString()
}

function namedTable(title: string, named: readonly NamedOutcomes[]): string {
  const table = tableOf([title, 'requests', 'denied', 'blocked'])
  for (const { name, requests, denied, blocked } of named) {
    table.push([plainText(name, 60), ...[requests, denied, blocked].map(number)])
  }
  return table.toString()
}

function tableOf(head: string[]): Table.Table {
  return new Table({
    head,
    style: { head: [], border: [], compact: true },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    colAligns: head.map((title, i) => (i === 0 || /over time|peaks|first/.test(title) ? 'left' : 'right')),
  })
}

const BARS = ' ▁▂▃▄▅▆▇█'

/** A line of bars, the highest full; what is not nothing is seen. */
function bars(counts: readonly number[]): string {
  const most = Math.max(...counts, 1)
  return counts.map((count) => BARS[Math.ceil((8 * count) / most)]).join('')
}
