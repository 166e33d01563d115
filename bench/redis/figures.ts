import type { Figure, Required } from '../lib/figure.js'
import { atLeast, atMost, median } from '../lib/figure.js'
import { BUCKET, CONTESTANTS, FIXED, FLOOR, LEAST_SCRIPT, LOG } from './contestants.js'
import type { Measured } from './load.js'
import type { ServedRound } from './round.js'

type Value = (round: ServedRound) => number

const rate: Value = (round) => round.rate
const latency: Value = (round) => round.p50
const client: Value = (round) => round.client
const processor: Value = (round) => round.client + round.server

/**
 * A line for each contestant, and ours beside the fastest peer. `required` is how many are in flight where that is what
 * the bounds are about; 0: none are.
 */
export function figuresOf(load: string, measured: readonly Measured[], required: number): Figure[] {
  const floor = measured.find(({ name }) => name === FLOOR)
  const lines = measured.map((each) => ({
    ...line(load, each),
    ...(floor && beside(each, floor, rate)),
    ...(required === 500 && isWhole(each) && { required: atLeast('ratio', 1.2) }),
  }))
  const bounds = measured.filter(isOurs).flatMap((ours) => boundsOf(load, ours, measured, required))
  return [...lines, ...bounds]
}

function boundsOf(load: string, ours: Measured, measured: readonly Measured[], required: number): Figure[] {
  const floor = measured.find(({ name }) => name === FLOOR)
  const fastest = fastestOf(measured.filter((each) => !isFloor(each) && !isOurs(each)))
  const bound = (what: string, unit: string, other: Measured | undefined, value: Value, limit: Required): Figure[] =>
    other === undefined
      ? []
      : [
          {
            load: `${load}: ${what}`,
            contestant: ours.name,
            measured: middle(ours, value),
            unit,
            ...beside(ours, other, value),
            required: limit,
            note: `beside ${other.name}`,
          },
        ]
  if (required === 1) return bound('p50', 'µs', floor, latency, atMost('ratio', 1.4))
  if (required === 50 && isWhole(ours)) {
    return [
      ...bound('speed', '/s', fastest, rate, atLeast('ratio', 1)),
      ...bound('processor time, client and server', 'µs', fastest, processor, atMost('ratio', 0.6)),
    ]
  }
  if (required !== 500) return []
  if (ours.name === LOG) return bound('speed', '/s', fastestOf(measured.filter(isWhole)), rate, atLeast('ratio', 0.5))
  return [
    ...bound('speed', '/s', fastest, rate, atLeast('ratio', 2.2)),
    ...bound('processor time of the client', 'µs', fastest, client, atMost('ratio', 0.25)),
  ]
}

function line(load: string, each: Measured): Figure {
  const [p50, p99, ofClient, ofServer] = [latency, (round: ServedRound) => round.p99, client, ofServerAlone].map(
    (value) => middle(each, value),
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

const ofServerAlone: Value = (round) => round.server

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

function isFloor({ name }: Measured): boolean {
  return name === FLOOR || name === LEAST_SCRIPT
}

function isOurs({ name }: Measured): boolean {
  return name.startsWith('spillway')
}

/** Those of ours that keep no log. */
function isWhole({ name }: Measured): boolean {
  return name === BUCKET || name === FIXED
}
