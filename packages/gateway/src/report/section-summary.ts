import type { ReplayResult } from '../replay/result.js'
import { counted, moment, number, percent } from '../spelling/numbers.js'
import type { Markup } from './html.js'
import { html } from './html.js'

/** The head of the page: what the policy would have done, in a sentence and in four numbers. */
export function summary(result: ReplayResult): Markup {
  const { policy, logs, from, to } = result
  const span = from === undefined || to === undefined ? '' : ` · ${moment(from)} to ${moment(to)} UTC`
  return html`<header>
<p class="brand">Spillway <span>replay</span></p>
<h1>${headline(result)}</h1>
<p class="source">Policy <b>${policy}</b>${logs.length === 0 ? '' : html` · ${counted(logs.length, 'log')}: `}${logs.slice(0, 3).map(({ file, format }, i) => html`${i > 0 ? ', ' : ''}<b>${file}</b> (${format})`)}${logs.length > 3 ? ' and more' : ''}${span}</p>
${figures(result)}
${who(result)}
</header>`
}

function headline({ requests, clients, refused }: ReplayResult): Markup {
  if (requests === 0) return html`There is no request in these logs.`
  if (refused.requests === 0)
    return html`This policy would have refused <em class="passed">nobody</em>: all ${counted(requests, 'request')} of ${counted(clients, 'client')} pass.`
  return html`This policy would have refused <em>${number(refused.clients)} of ${counted(clients, 'client')}</em>, and <em>${percent(refused.requestShare)}</em> of all ${counted(requests, 'request')}.`
}

function figures({ requests, clients, refused, denied, blocked }: ReplayResult): Markup {
  const figure = (value: string, what: string, more: string) =>
    html`<div><dt>${what}</dt><dd><b>${value}</b> <span>${more}</span></dd></div>`
  return html`<dl class="figures">
${figure(number(requests), 'Requests', `from ${counted(clients, 'client')}`)}
${figure(number(refused.clients), 'Clients refused', percent(refused.clientShare))}
${figure(number(denied.requests), 'Requests denied', percent(denied.requestShare))}
${figure(number(blocked.requests), 'Requests blocked', percent(blocked.requestShare))}
</dl>`
}

/** Who the refused are: people, or abuse, by what the log says that their requests came to. */
function who({ refused, refusedBy, bots }: ReplayResult): Markup {
  const all = refused.requests
  if (all === 0) return html``
  let x = 0
  const parts = [
    ['succeeded', refusedBy.succeeded, 'had succeeded: probably real users'],
    ['suspect', refusedBy.suspect, 'had come to 401, 403 or 404: likely abuse'],
    ['other', refusedBy.other, 'had come to something else'],
  ] as const
  const bars = parts.map(([name, count]) => {
    const width = (1000 * count) / all
    const bar = html`<rect class="${name}" x="${x}" width="${width}" height="20"/>`
    x += width
    return bar
  })
  const ofBots = bots.denied + bots.blocked
  return html`<section class="who" aria-labelledby="who"><h2 id="who">Who the refused are</h2>
<svg viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>
<ul>${parts.map(([name, count, text]) => html`<li class="${name}"><b>${number(count)}</b> (${percent(count / all)}) ${text}</li>`)}<li class="bots"><b>${number(ofBots)}</b> (${percent(ofBots / all)}) of all these came from known bots</li></ul></section>`
}
