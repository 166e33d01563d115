import type { RuleResult } from '../replay/result.js'
import { counted, number } from '../spelling/numbers.js'
import { spellQuota } from '../spelling/spell-quota.js'
import type { DrawnRule, Report } from './build-report.js'
import { demandChart } from './chart-demand.js'
import { limitChart } from './chart-limit.js'
import { timelineChart } from './chart-timeline.js'
import type { Markup } from './html.js'
import { html } from './html.js'
import { numbers, table } from './table.js'

const ROWS = 200

/** All rules in a table, and of those that refuse the most: requests over time, demand against limit, and the slider. */
export function rulesSection({ result: { rules }, drawn, notDrawn }: Report): Markup {
  const columns = [
    { title: 'rule' },
    { title: 'layer' },
    ...numbers('requests', 'denied', 'blocked', 'clients', 'refused clients'),
  ]
  const rows = rules.slice(0, ROWS).map((rule) => {
    const { layer, requests, denied, blocked, clients, refusedClients } = rule
    const name = titleOf(rule)
    return [name, layer, ...[requests, denied, blocked, clients, refusedClients].map(number)]
  })
  const left = rules.length > ROWS ? html`<p class="note">The first ${ROWS} of ${number(rules.length)} rules.</p>` : ''
  const more =
    notDrawn > 0
      ? html`<p class="note">${counted(notDrawn, 'rule')} that ${notDrawn === 1 ? 'refuses' : 'refuse'} fewer clients ${notDrawn === 1 ? 'has' : 'have'} no charts here.</p>`
      : ''
  return html`<section aria-labelledby="rules"><h2 id="rules">Rules</h2>
${table('What each rule decided', columns, rows)}${left}
${drawn.length > 0 ? MEANING : ''}
${drawn.map(ruleArticle)}${more}
</section>`
}

/** Numbers for the script: for each slider where it can be put, and what follows. */
export function sliderData({ drawn }: Report): object {
  const entries = drawn.flatMap(({ limits }, rule) =>
    limits.map(({ limits: values, refused, requests, clients, allRequests, present }, i) => {
      return [idOf(rule, i), { limits: values, refused, requests, clients, allRequests, present }] as const
    }),
  )
  return Object.fromEntries(entries)
}

function idOf(rule: number, quota: number): string {
  return `limit-${rule}-${quota}`
}

/** A rule, or what is on trial under its name. */
function titleOf({ name, mode }: RuleResult): string {
  return mode === 'enforce' ? name : `${name} (${mode}: refuses nobody)`
}

function ruleArticle(drawn: DrawnRule, index: number): Markup {
  const { rule, limits } = drawn
  const { name, mode, requests, denied, blocked, clients, refusedClients } = rule
  const verb = mode === 'enforce' ? 'would have refused' : 'would refuse, if it were enforced,'
  return html`<article class="card" aria-labelledby="rule-${index}"><h3 id="rule-${index}">${titleOf(rule)} <span class="quotas">${limits.map(({ quota }) => html`<code>${spellQuota(quota)}</code> `)}</span></h3>
<p>It ${verb} <b>${counted(refusedClients, 'client')}</b> of ${number(clients)}, and ${number(denied + blocked)} of ${counted(requests, 'request')}.</p>
${timelineChart(rule)}
${limits.map((limit, i) => html`${demandChart(rule, limit)}${limitChart(limit, idOf(index, i), name)}`)}
${exactness(drawn)}
</article>`
}

/** What the sliders of the page mean. */
const MEANING = html`<p class="note"><b>What a slider says.</b> What a client asks for at once is what its window would hold if nothing were refused. Until a client is refused for the first time, that is just what the rule counts: so a limit refuses a client at least once exactly if the client asks for more. The other quotas of the rule, and all other rules, stay as they are; of a token bucket the burst moves, and its refill stays. How many requests a moved limit would refuse is not known from this; they are among those that the refused clients sent to the rule.</p>`

/** Whether the share is exact for this rule. */
function exactness({ rule: { refusedClients }, atMost }: DrawnRule): Markup {
  const own = `the replay itself refused ${counted(refusedClients, 'client')} under the present policy`
  if (atMost === undefined) return html`<p class="note">The shares are exact: ${own}.</p>`
  return html`<p class="note"><b>Here a share is the most that it can be</b>, as ${atMost}: ${own}.</p>`
}
