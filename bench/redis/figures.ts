import type { Figure, Required } from '../lib/figure.js'
import { atLeast, atMost, median } from '../lib/figure.js'
import { BUCKET, CONTESTANTS, FIXED, FLOOR, LEAST_SCRIPT, LOG } from './contestants.js'
import type { Measured } from './load.js'
import type { ServedRound } from './round.js'

type Value = (round: ServedRound) => number

const rate: Value = (round) => round.rate
const latency: Value = (round) => round.p50
const client: Value = (round) => round.client
const server: Value = (round) => round.server
const processor: Value = (round) => round.client + round.server

/** Those of ours that keep a count, and no log. */
const COUNTS: readonly string[] = [BUCKET, FIXED]
const OURS: readonly string[] = [...COUNTS, LOG]

type Rival = 'floor' | 'fastest peer' | 'fastest of ours'

/** What is required of some contestants beside a rival, both under the same load. */
interface Bound {
  readonly of: readonly string[]
  readonly beside: Rival
  readonly what: string
  readonly unit: string
  readonly value: Value
  readonly required: Required
}

/** How many charges are in flight. */
export const LEVELS = [1, 50, 500] as const
type Level = (typeof LEVELS)[number]

const REQUIRED: Readonly<Record<Level, readonly Bound[]>> = {
  1: [{ of: OURS, beside: 'floor', what: 'p50', unit: 'µs', value: latency, required: atMost('ratio', 1.4) }],
  50: [
    { of: COUNTS, beside: 'fastest peer', what: 'speed', unit: '/s', value: rate, required: atLeast('ratio', 1) },
    {
      of: COUNTS,
      beside: 'fastest peer',
      what: 'processor time, client and server',
      unit: 'µs',
      value: processor,
      required: atMost('ratio', 0.6),
    },
  ],
  500: [
    { of: COUNTS, beside: 'floor', what: 'speed', unit: '/s', value: rate, required: atLeast('ratio', 1.2) },
    { of: COUNTS, beside: 'fastest peer', what: 'speed', unit: '/s', value: rate, required: atLeast('ratio', 2.2) },
    {
      of: COUNTS,
      beside: 'fastest peer',
      what: 'processor time of the client',
      unit: 'µs',
      value: client,
      required: atMost('ratio', 0.25),
    },
    { of: [LOG], beside: 'fastest of ours', what: 'speed', unit: '/s', value: rate, required: atLeast('ratio', 0.5) },
  ],
}

/** A line for each contestant, beside the floor. */
export function linesOf(load: string, measured: readonly Measured[]): Figure[] {
  const floor = rivalOf('floor', measured)
  return measured.map((each) => ({ ...line(load, each), ...(floor && beside(each, floor, rate)) }))
}

/** What is required with so many in flight, each beside the rival that it is required of. */
export function boundsOf(load: string, measured: readonly Measured[], inFlight: Level): Figure[] {
  return REQUIRED[inFlight].flatMap(({ of, beside: rival, what, unit, value, required }) => {
    const other = rivalOf(rival, measured)
    if (other === undefined) return []
    return measured
      .filter(({ name }) => of.includes(name))
      .map((ours) => ({
        load: `${load}: ${what}`,
        contestant: ours.name,
        measured: middle(ours, value),
        unit,
        ...beside(ours, other, value),
        required,
        note: `beside ${other.name}`,
      }))
  })
}

function rivalOf(rival: Rival, measured: readonly Measured[]): Measured | undefined {
  switch (rival) {
    case 'floor':
      return measured.find(({ name }) => name === FLOOR)
    case 'fastest peer':
      return fastestOf(measured.filter(({ name }) => ![FLOOR, LEAST_SCRIPT, ...OURS].includes(name)))
    case 'fastest of ours':
      return fastestOf(measured.filter(({ name }) => COUNTS.includes(name)))
  }
}

function line(load: string, each: Measured): Figure {
  const [p50, p99, ofClient, ofServer] = [latency, (round: ServedRound) => round.p99, client, server].map((value) =>
    middle(each, value),
  ) as [number, number, number, number]
  const known = CONTESTANTS.find(({ name }) => name === each.name)?.note
  const note =
    `p50 ${p50.toFixed(0)} µs, p99 ${p99.toFixed(0)} µs; ` +
    `processor: client ${ofClient.toFixed(1)} µs, server ${ofServer.toFixed(1)} µs`
  return {
    load,
    contestant: each.name,
    measured: middle(each, rate),
    unit: '/s',
    note: known === undefined ? note : `${note}; ${known}`,
  }
}

/** Both of the same round. */
function beside(ours: Measured, other: Measured, value: Value): Pick<Figure, 'ratio' | 'against'> {
  const ratios = ours.rounds.map((round, i) => value(round) / value(other.rounds[i] as ServedRound))
  return { ratio: median(ratios), against: other.name }
}

function middle({ rounds }: Measured, value: Value): number {
  return median(rounds.map(value))
}

function fastestOf(measured: readonly Measured[]): Measured | undefined {
  return [...measured].sort((a, b) => middle(b, rate) - middle(a, rate))[0]
}
