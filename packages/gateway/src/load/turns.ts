/** Whose turn it is: clients one after the other, but those that pause. */
export interface Turns {
  /** The index of the next client. */
  next(): number
  /** Whether this client is one of those that pause, and there is another one to send meanwhile. */
  mayPause(client: number): boolean
  pause(client: number): void
  resume(client: number): void
}

/** Every so many clients there is one that pauses when it is refused. */
const PAUSING = 4

/** The turns of so many clients. A quarter of them, and of two clients one, pause when they are told to. */
export function turnsOf(clients: number): Turns {
  const paused = new Set<number>()
  let last = -1

  return {
    next() {
      do last = (last + 1) % clients
      while (paused.has(last))
      return last
    },
    mayPause: (client) => client % PAUSING === 1 && !paused.has(client) && paused.size < clients - 1,
    pause: (client) => void paused.add(client),
    resume: (client) => void paused.delete(client),
  }
}
