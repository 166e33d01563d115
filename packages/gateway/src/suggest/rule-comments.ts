import { counted, number } from '../spelling/numbers.js'
import { plainText } from '../spelling/plain-text.js'
import type { Suspicion } from './conduct.js'
import type { FittedQuota } from './fit.js'
import type { SuggestedRule } from './suggestion.js'
import { aWindow } from './words.js'
import type { WrittenRule } from './written-rules.js'

/** Why a rule is as it is, a paragraph each: who came, how much they asked for, who would be refused. */
export function ruleComments(written: WrittenRule, rule: SuggestedRule): string[] {
  const { fitted, like, block } = written
  if (like !== undefined) {
    return [
      `No client that looks legitimate came here: the quotas are those of ${like.route.name}, which most come to.`,
    ]
  }
  return [
    `${opening(rule)}${counted(rule.requests, 'request')}, and ${counted(fitted.clients, 'client')} that ${fitted.clients === 1 ? 'looks' : 'look'} legitimate.`,
    ...fitted.quotas.map(quotaComment),
    refusedComment(rule),
    ...(block === undefined
      ? []
      : [`Block: whoever tries passwords goes on after a denial, and is then refused here for ${block}.`]),
  ]
}

function opening({ kind }: SuggestedRule): string {
  switch (kind) {
    case 'login':
      return 'Many POST came to 401 or 403: people log in here, so it counts by address. '
    case 'assets':
      return 'Static assets: one page asks for many at once. '
    case 'rest':
      return 'All that no rule above is for. '
    case 'path':
      return ''
  }
}

function quotaComment({ window, limit, needed, median, p99, highest }: FittedQuota): string {
  const peaks = `the middle client asks at most ${number(median)}, 99 in 100 at most ${number(p99)}, the busiest ${number(highest)}`
  const enough = needed < highest ? 'would refuse as few as are to be' : 'would refuse none of them'
  return `- ${limit}/${window.name}: ${peaks}; ${number(needed)} ${enough}, the rest is headroom.`
}

const SPELL_KIND: Readonly<Record<Suspicion['kind'], (count: number) => string>> = {
  bot: (count) => counted(count, 'known bot'),
  rejected: (count) => `${number(count)} that mostly came to 401, 403 or 404`,
  heavy: (count) => `${number(count)} far beyond everybody else`,
}

const KINDS = ['bot', 'rejected', 'heavy'] as const

/** `3 known bots, 1 far beyond everybody else`; empty of nobody. */
export function spellKinds(byKind: Readonly<Partial<Record<Suspicion['kind'], number>>>): string {
  return KINDS.flatMap((kind) => (byKind[kind] ? [SPELL_KIND[kind](byKind[kind])] : [])).join(', ')
}

function refusedComment({ clients, refused, outliersRefused }: SuggestedRule): string {
  const others = spellKinds(outliersRefused)
  return `Refuses ${refused === 0 ? 'none' : number(refused)} of the ${number(clients)}${others === '' ? ', and no other' : `; of the others ${others}`}.`
}

/** Why a client does not look legitimate, for a person. */
export function whySuspicious(suspicion: Suspicion): string {
  switch (suspicion.kind) {
    case 'bot':
      return plainText(suspicion.name, 40)
    case 'rejected':
      return `${Math.round(100 * suspicion.share)} % came to 401, 403 or 404`
    case 'heavy':
      return `${number(suspicion.peak)} in ${aWindow(suspicion.window)} at ${suspicion.rule}, the next ${number(suspicion.next)}`
  }
}
