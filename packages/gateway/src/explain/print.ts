import type { Micros, Quota } from 'spillway'
import { formatDuration } from 'spillway'
import type {
  ChargeExplained,
  Explanation,
  LayerExplained,
  QuotaExplained,
  RuleExplained,
  SourceExplained,
} from 'spillway/explain'
import { printableLines } from '../spelling/printable.js'

const MARKS = {
  answered: '+',
  applies: '+',
  refused: '!',
  shadow: '~',
  silent: '-',
  misfit: '-',
  'not-asked': '.',
} as const

/**
 * An explanation for a person: who asks, each rule of each layer, the verdict and what is answered. Ends with a line
 * break. What a client chose is spelled so that it does nothing to a terminal.
 */
export function explanationText(explanation: Explanation): string {
  const { method, path, preflight, sources, identity, layers, verdict, answer } = explanation
  const who = identity ? `${identity.kind}:${identity.user}, group ${identity.group}` : undefined
  const nobody = sources.length === 0 ? ' (the policy names no source)' : ' (no source has answered)'
  const anonymous = sources.some(({ outcome }) => outcome === 'answered') ? '' : nobody
  const because = verdict.because ?? (verdict.rule === undefined ? undefined : `rule ${verdict.rule} refuses`)
  const lines = [
    `${method} ${path ?? '(malformed)'}${preflight ? ' (a CORS preflight)' : ''}`,
    '',
    ...(sources.length > 0 || who !== undefined ? ['identity', ...sources.map(sourceLine)] : []),
    ...(who === undefined ? [] : [`  = ${who}${anonymous}`, '']),
    ...layers.flatMap(layerLines),
    `verdict: ${verdict.kind}${because === undefined ? '' : `: ${because}`}`,
    answer.kind === 'pass' ? 'answer: passes, with the fields' : `answer: ${answer.status}, with the fields`,
    ...answer.fields.map(([name, value]) => `  ${name}: ${value}`),
    ...(answer.fields.length === 0 ? ['  none'] : []),
  ]
  return printableLines(`${lines.join('\n')}\n`)
}

function sourceLine({ source, outcome, because }: SourceExplained): string {
  return `  ${MARKS[outcome]} ${source}: ${outcome === 'not-asked' ? 'not asked, as ' : ''}${because}`
}

function layerLines({ name, rules }: LayerExplained): readonly string[] {
  return [`layer ${name}`, ...rules.flatMap(ruleLines), '']
}

function ruleLines(rule: RuleExplained): readonly string[] {
  const start = `  ${MARKS[rule.outcome]} ${rule.name} (${rule.place}):`
  switch (rule.outcome) {
    case 'misfit':
      return [`${start} ${rule.misfits.map(({ what, wants }) => `wants ${what} ${wants}`).join('; ')}`]
    case 'not-asked':
      return [`${start} not asked, as one before it applies`]
    case 'shadow':
      return [`${start} ${shadowText(rule)}, is passed over; ${chargeText(rule)}`, ...rule.quotas.map(quotaLine)]
    case 'applies':
      return [
        `${start} applies${rolledOutText(rule)}; ${chargeText(rule)}`,
        ...rule.quotas.map(quotaLine),
        ...candidateLines(rule),
      ]
  }
}

function shadowText({ rolledOutTo }: ChargeExplained): string {
  return rolledOutTo === undefined
    ? 'matches in shadow'
    : `enforced for ${percentText(rolledOutTo)} of the partitions, not for this one`
}

function rolledOutText({ rolledOutTo }: ChargeExplained): string {
  return rolledOutTo === undefined ? '' : ` (enforced for ${percentText(rolledOutTo)} of the partitions, this one too)`
}

function candidateLines({ candidate }: ChargeExplained): readonly string[] {
  if (candidate === undefined) return []
  return [`    ${MARKS.shadow} candidate: ${chargeText(candidate)}`, ...candidate.quotas.map(quotaLine)]
}

function percentText(share: number): string {
  return `${Number((100 * share).toPrecision(12))}%`
}

function chargeText(charge: ChargeExplained): string {
  const { decision, cost, zone, partition, retryAfter, startsBlock, fault } = charge
  if (decision === 'uncounted') {
    return charge.mode !== 'enforce' ? 'not counted' : 'unlimited, nothing is counted'
  }
  const units = `${cost} ${cost === 1 ? 'unit' : 'units'}`
  return [
    `${decision}: ${units} of ${partition} in zone ${zone}`,
    ...(fault === undefined ? [] : [`the store failed with ${fault}`]),
    ...(retryAfter === undefined ? [] : [`would pass in ${spanText(retryAfter)}`]),
    ...(startsBlock
      ? [`starts a block of ${spanText(startsBlock.for)}${startsBlock.everywhere ? ' everywhere' : ''}`]
      : []),
  ].join(', ')
}

function quotaLine({ name, quota, remaining, resetAfter, retryAfter }: QuotaExplained): string {
  const more = resetAfter === 0 ? 'nothing is used' : `more in ${spanText(resetAfter)}`
  const fits =
    retryAfter === undefined ? ', too small for this cost' : retryAfter > 0 ? `, fits in ${spanText(retryAfter)}` : ''
  return `      ${name}: ${quotaText(quota)}: ${remaining} left, ${more}${fits}`
}

function quotaText(quota: Quota): string {
  const window = 'window' in quota ? formatDuration(quota.window) : `${quota.every} of ${quota.timezone}`
  const burst = quota.algorithm === 'token-bucket' ? `, at most ${quota.burst} at once` : ''
  return `${quota.limit} in ${window} (${quota.algorithm}${burst})`
}

const SECOND = 1_000_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `250 milliseconds`, `14 minutes 59 seconds`, `2 days 4 hours`: rounded up, so that waiting that long is enough. */
export function spanText(span: Micros): string {
  if (span < 10 * SECOND) return formatDuration(Math.ceil(span / 1000) * 1000)
  const [large, small] = span < HOUR ? [MINUTE, SECOND] : span < DAY ? [HOUR, MINUTE] : [DAY, HOUR]
  const whole = Math.ceil(span / small) * small
  const rest = whole % large
  return [whole - rest, rest]
    .filter((part) => part > 0)
    .map(formatDuration)
    .join(' ')
}
