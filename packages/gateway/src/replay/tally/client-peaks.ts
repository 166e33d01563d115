import type { Units } from 'spillway'

/** The demand peaks of clients under one quota. */
export interface ClientPeaks {
  /** By client, the most units that it has had in use at once, its own last request among them; 0: it never came. */
  peaks: Uint32Array
}

/** Nobody came yet. */
export function noPeaks(): ClientPeaks {
  return { peaks: new Uint32Array(1024) }
}

/** Notes what a client has in use, below 2^32. */
export function notePeak(of: ClientPeaks, client: number, used: Units): void {
  of.peaks = withRoom(of.peaks, client)
  if (used > (of.peaks[client] as number)) of.peaks[client] = used
}

/** Numbers by client that have room for this one: the same ones, or a longer copy. */
export function withRoom<Numbers extends Uint16Array | Uint32Array>(numbers: Numbers, client: number): Numbers {
  if (client < numbers.length) return numbers
  const like = numbers.constructor as new (length: number) => Numbers
  const longer = new like(Math.max(client + 1, 2 * numbers.length))
  longer.set(numbers)
  return longer
}
