import type { CompareResult, NamedOutcomes, RefusedClient, ReplayResult } from '../replay/result.js'
import { counted, duration, moment, number } from '../spelling/numbers.js'
import { heatChart } from './chart-heat.js'
import type { Markup } from './html.js'
import { html } from './html.js'
import { sparkline } from './sparkline.js'
import { numbers, table } from './table.js'

const CLIENTS = 100
const NAMES = 50

/** Who would have been refused, when, on which paths, and what else tells requests apart. */
export function refusedSections(result: ReplayResult): Markup {
  const { refused, refusedClients, paths, groups, statuses, bots, layers } = result
  const others = [
    groups.length > 1 ? namedTable('By group', 'group', groups) : '',
    layers.length > 1 ? namedTable('By layer', 'layer', layers) : '',
    namedTable(
      'By status in the log',
      'status',
      statuses.map((each) => (each.name === '0' ? { ...each, name: 'none' } : each)),
    ),
    bots.byName.length > 0 ? namedTable('Known bots', 'bot', bots.byName) : '',
  ]
  return html`${
    refused.requests === 0
      ? ''
      : html`<section aria-labelledby="when"><h2 id="when">When</h2><div class="card">${heatChart(result)}</div></section>
<section aria-labelledby="clients"><h2 id="clients">Clients refused the most</h2>${clientsTable(refusedClients)}</section>
<section aria-labelledby="paths"><h2 id="paths">Paths refused the most</h2>${namedTable('Paths with the most refused requests', 'path', paths)}</section>`
  }
<section aria-labelledby="others"><h2 id="others">All requests</h2><div class="columns">${others}</div></section>`
}

/** What another policy would have done to the same requests. */
export function compareSection({ policy, refused, newlyRefused, newlyFreed }: CompareResult): Markup {
  const part = (title: string, { clients, first }: CompareResult['newlyFreed'], by: string) => {
    const rows = first
      .slice(0, NAMES)
      .map(({ name, requests, refused: times }) => [name, number(requests), number(times)])
    const caption = clients > rows.length ? `Those ${rows.length} of them that it refused most often` : title
    return html`<div><h3>${title}: ${counted(clients, 'client')}</h3>${rows.length === 0 ? '' : table(caption, [{ title: 'client', names: true }, ...numbers('requests', `refused by ${by}`)], rows)}</div>`
  }
  return html`<section aria-labelledby="compare"><h2 id="compare">Compared with ${policy}</h2>
<p>It would have refused ${counted(refused.requests, 'request')} of ${counted(refused.clients, 'client')}.</p>
<div class="columns">${part('Newly refused', newlyRefused, 'it')}${part('Newly freed', newlyFreed, 'this policy')}</div></section>`
}

/** What is not exact, and what of the logs could not be read. */
export function caveatsSection({
  approximate,
  unparsed,
  order,
  malformed,
  unidentified,
  unlimited,
}: ReplayResult): Markup {
  const notes = [
    ...approximate,
    ...(unlimited > 0 ? [`${counted(unlimited, 'request')} met no rule with a limit`] : []),
    ...(malformed > 0 ? [`${counted(malformed, 'request')} with an ambiguous target: the answer would be 400`] : []),
    ...(unidentified > 0 ? [`${counted(unidentified, 'request')} of nobody: the answer would be 401`] : []),
    ...(order.late > 0
      ? [`${counted(order.late, 'line')} came more than a minute too late, and counted when they came`]
      : []),
    ...(order.setBack > 0 ? [`the clock of the log was set back ${counted(order.setBack, 'time')}`] : []),
    ...(unparsed.lines > 0
      ? [`${counted(unparsed.lines, 'line')} ${unparsed.lines === 1 ? 'is' : 'are'} no request`]
      : []),
  ]
  const lines = unparsed.first.map(
    ({ file, line, reason, text }) => html`<li><b>${file}:${line}</b> ${reason}: <code>${text}</code></li>`,
  )
  return html`<section aria-labelledby="caveats"><h2 id="caveats">What to know of these numbers</h2><div class="card">
<p>${approximate.length === 0 ? 'All counts are exact.' : 'Not every count is exact.'} The replay ran the guard that enforces the policy, under a clock that the log moves. A client that is refused in earnest may behave otherwise than it did: it may wait, or ask again at once.</p>
<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>${lines.length > 0 ? html`<p>The first lines that are no request:</p><ul class="lines">${lines}</ul>` : ''}</div></section>`
}

function clientsTable(clients: readonly RefusedClient[]): Markup {
  const columns = [
    { title: 'client', names: true },
    { title: 'refusals, from the first on' },
    ...numbers('requests', 'denied', 'blocked', 'succeeded', 'suspect', 'refused for'),
    { title: 'first refused' },
  ]
  const rows = clients.slice(0, CLIENTS).map((client) => [
    client.group === 'default' ? client.name : html`${client.name} <small>${client.group}</small>`,
    client.timeline ? sparkline(client.timeline) : '',
    ...[client.requests, client.denied, client.blocked, client.succeeded, client.suspect].map(number),
    duration(client.refusedFor),
    html`<time class="moment">${moment(client.first)
      .split(' ')
      .map((part) => html`<span>${part}</span> `)}</time>`,
  ])
  return table('Clients with the most refused requests', columns, rows)
}

function namedTable(caption: string, title: string, named: readonly NamedOutcomes[]): Markup {
  const rows = named
    .slice(0, NAMES)
    .map(({ name, requests, denied, blocked }) => [name, ...[requests, denied, blocked].map(number)])
  return table(caption, [{ title }, ...numbers('requests', 'denied', 'blocked')], rows)
}
