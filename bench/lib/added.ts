import type { Figure, Required } from './figure.js'
import { median } from './figure.js'
import type { Measured } from './server-rounds.js'

/** What a server takes for a whole request. */
export function wholeRequest(load: string, { name, processor, wall }: Measured): Figure {
  return { load, contestant: name, ...microseconds(processor, wall), note: 'the whole request' }
}

/** What a server takes longer for a request than the same server alone, and as a share of what that takes. */
export function added(load: string, server: Measured, alone: Measured, required?: Required): Figure {
  const shares = addedBy(server, alone).map((time, round) => time / (alone.processor[round] as number))
  return {
    load,
    contestant: server.name,
    ...microseconds(addedBy(server, alone), addedBy(server, alone, 'wall')),
    ratio: median(shares),
    against: alone.name,
    note: 'added',
    ...(required && { required }),
  }
}

/**
 * What ours adds, as a share of what a peer adds: of the medians, as in one round a peer may add next to nothing. On a
 * machine so busy that the peer seems to save time there is no such share, and nothing is met.
 */
export function addedBesidePeer(
  load: string,
  [ours, peer, alone]: readonly [ours: Measured, peer: Measured, alone: Measured],
  required: Required,
): Figure {
  const own = microseconds(addedBy(ours, alone), addedBy(ours, alone, 'wall'))
  const theirs = median(addedBy(peer, alone))
  const ratio = theirs > 0 ? own.measured / theirs : Number.NaN
  return { load, contestant: ours.name, ...own, ratio, against: peer.name, required, note: `of what ${peer.name} adds` }
}

/** Microseconds that a request takes longer, by round: of processor time, unless said otherwise. */
export function addedBy(server: Measured, alone: Measured, time: 'processor' | 'wall' = 'processor'): number[] {
  return server[time].map((took, round) => took - (alone[time][round] as number))
}

/** The middle of what the rounds took. */
export function microseconds(
  processor: readonly number[],
  wall: readonly number[],
): Pick<Figure, 'measured' | 'wall' | 'unit'> {
  return { measured: median(processor), wall: median(wall), unit: 'µs' }
}
