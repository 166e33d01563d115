import { calendarWindow } from '../../core/calendar.js'
import type { BoundQuota, Zone } from '../../core/charge.js'
import type { CalendarWindow, Quota } from '../../core/quota.js'
import { rateOf } from '../../core/rate.js'
import { slotOf } from '../../core/sliding-window.js'
import { sizeOf } from '../../core/tightest.js'
import type { Micros } from '../../core/units.js'

/** What the script is told of a zone, and in which of the client's moments that is true. */
interface Plan {
  readonly text: string
  /** Calendar spans are around the client's time; without any, what is told is always true. */
  readonly from: Micros
  readonly until: Micros
}

/** What the script knows the algorithms by. */
const KINDS = { 'fixed-window': 1, 'token-bucket': 2, 'sliding-window': 3 } as const

const plans = new WeakMap<Zone, Plan>()
const rules = new WeakMap<readonly BoundQuota[], string>()
const runPlans = new WeakMap<readonly BoundQuota[], { readonly zone: Zone; readonly text: string | undefined }>()

/** The counters of a zone as JSON. */
export function zonePlan(zone: Zone, now: Micros): string {
  const known = plans.get(zone)
  if (known !== undefined && now >= known.from && now < known.until) return known.text

  const tags = tagsOf(zone)
  const counters = zone.counters.map((quota, i) => ({ tag: tags[i], ...counterPlan(quota, now) }))
  const spans = zone.counters.filter(isCalendar).map(({ every, timezone }) => calendarWindow(every, timezone, now))
  const plan = {
    text: JSON.stringify(counters),
    from: Math.max(Number.NEGATIVE_INFINITY, ...spans.map(({ startsAt }) => startsAt)),
    until: Math.min(Number.POSITIVE_INFINITY, ...spans.map(({ endsAt }) => endsAt)),
  }
  plans.set(zone, plan)
  return plan.text
}

/** A rule's quotas as numbers in JSON, without brackets: for each its counter, from 1 on, and the most that passes at once. */
export function rulePlan(quotas: readonly BoundQuota[]): string {
  let text = rules.get(quotas)
  if (text === undefined) {
    text = quotas.map(({ quota, counter }) => `,${counter + 1},${sizeOf(quota)}`).join('')
    rules.set(quotas, text)
  }
  return text
}

/**
 * What the script is told of a rule whose charges it can decide by its fast forms, as numbers in JSON, without brackets:
 * absent where the zone has more than one counter, or a calendar window.
 */
export function runPlan(zone: Zone, quotas: readonly BoundQuota[]): string | undefined {
  let plan = runPlans.get(quotas)
  if (plan?.zone !== zone) {
    plan = { zone, text: makeRunPlan(zone, quotas) }
    runPlans.set(quotas, plan)
  }
  return plan.text
}

function makeRunPlan(zone: Zone, quotas: readonly BoundQuota[]): string | undefined {
  const [counter] = zone.counters
  const [bound] = quotas
  if (counter === undefined || zone.counters.length > 1 || bound === undefined || quotas.length > 1) return undefined
  if (isCalendar(counter)) return undefined
  return [KINDS[counter.algorithm], tagsOf(zone)[0], sizeOf(bound.quota), ...runNumbers(counter)].join()
}

function runNumbers(counter: Exclude<Quota, CalendarWindow>): number[] {
  switch (counter.algorithm) {
    case 'sliding-window':
      return [counter.window, slotOf(counter), counter.resolution]
    case 'token-bucket': {
      const { units, time } = rateOf(counter)
      return [units, time, counter.burst]
    }
    case 'fixed-window':
      return [counter.window, counter.align === 'clock' ? 1 : 0]
  }
}

function isCalendar(quota: Quota): quota is CalendarWindow {
  return quota.algorithm === 'fixed-window' && quota.align === 'calendar'
}

function counterPlan(quota: Quota, now: Micros): object {
  const kind = KINDS[quota.algorithm]
  switch (quota.algorithm) {
    case 'sliding-window':
      return { kind, window: quota.window, slot: slotOf(quota), resolution: quota.resolution }
    case 'token-bucket':
      return { kind, burst: quota.burst, ...rateOf(quota) }
    case 'fixed-window':
      return isCalendar(quota)
        ? { kind, align: quota.align, spans: spansAround(quota, now) }
        : { kind, align: quota.align, window: quota.window }
  }
}

/**
 * Where calendar spans meet: from the start of the one before this one to the end of the third after it. The server's
 * time may be in the one before, in this or in the next, and a window that is open then ends, where a clock stepped
 * back, up to two later.
 */
function spansAround({ every, timezone }: CalendarWindow, now: Micros): Micros[] {
  const { startsAt, endsAt } = calendarWindow(every, timezone, now)
  const meetings = [calendarWindow(every, timezone, startsAt - 1).startsAt, startsAt, endsAt]
  for (let i = 0, last = endsAt; i < 3; i++) {
    last = calendarWindow(every, timezone, last).endsAt
    meetings.push(last)
  }
  return meetings
}

/**
 * What counters are known by in a record: their algorithm in the two highest of 32 bits, then a hash of what tells two
 * counters apart. Two counters of one zone never have the same.
 */
export function tagsOf({ counters }: Zone): number[] {
  const tags: number[] = []
  for (const quota of counters) {
    let hash = hashOf(descriptorOf(quota))
    while (tags.includes(tagOf(quota, hash))) hash++
    tags.push(tagOf(quota, hash))
  }
  return tags
}

function tagOf({ algorithm }: Quota, hash: number): number {
  return KINDS[algorithm] * 2 ** 30 + (hash % 2 ** 30)
}

/** What `sameCounter` looks at. */
function descriptorOf(quota: Quota): string {
  switch (quota.algorithm) {
    case 'sliding-window':
      return `${quota.window} ${quota.resolution}`
    case 'token-bucket':
      return `${quota.window}`
    case 'fixed-window':
      return isCalendar(quota) ? `${quota.every} ${quota.timezone}` : `${quota.align} ${quota.window}`
  }
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
