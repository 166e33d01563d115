import type { RedisServer } from '../../test/support/redis-process.js'
import type { Effort, Skipped } from '../lib/figure.js'
import { pin } from '../lib/pin.js'
import { processorTime } from '../lib/processor-time.js'
import type { Worker } from '../lib/worker.js'
import { inShort, startWorker } from '../lib/worker.js'
import { CONTESTANTS } from './contestants.js'
import type { Lanes, Round, ServedRound } from './round.js'

/** Milliseconds of a full round. */
const ROUND = 400

/** A contestant in a process of its own. */
interface Running {
  readonly name: string
  readonly worker: Worker
}

/** A contestant, and what its rounds took. */
export interface Measured {
  readonly name: string
  readonly rounds: readonly ServedRound[]
}

/** Contestants on one client, which wait for their turns. */
export interface Field {
  /** Lets them take turns under the same load, on an empty server. Those that fail are left out, and it is said why. */
  measure(lanes: Lanes, names?: readonly string[]): Promise<readonly Measured[]>
  stop(): Promise<void>
}

/** Starts a process for every contestant on a client. */
export async function openField(
  client: string,
  server: RedisServer,
  effort: Effort,
  skipped: Skipped[],
): Promise<Field> {
  const running: Running[] = []
  for (const { name } of CONTESTANTS) {
    const worker = await startWorker('redis/run', [name, client, String(server.port)])
    pin(worker.pid, 'client')
    running.push({ name, worker })
  }
  return {
    async measure(lanes, names) {
      await server.cli('FLUSHALL')
      const chosen = names === undefined ? running : running.filter(({ name }) => names.includes(name))
      return await measureAll(chosen, lanes, {
        server,
        effort,
        leaveOut: (name, why) => skipped.push({ contestant: `${name} on ${client}`, why }),
      })
    },
    async stop() {
      for (const { worker } of running) await worker.stop()
    },
  }
}

interface Setting {
  readonly server: RedisServer
  readonly effort: Effort
  leaveOut(name: string, why: string): void
}

async function measureAll(running: readonly Running[], lanes: Lanes, setting: Setting): Promise<Measured[]> {
  const { server, effort, leaveOut } = setting
  const prepared: { name: string; worker: Worker; charges: number; rounds: ServedRound[] }[] = []
  for (const { name, worker } of running) {
    try {
      const charges = await worker.ask<number>('prepare', { ...lanes, span: ROUND * effort.scale })
      prepared.push({ name, worker, charges, rounds: [] })
    } catch (error) {
      leaveOut(name, inShort(error))
    }
  }
  for (let turn = 0; turn < effort.rounds; turn++) {
    for (const { name, worker, charges, rounds } of prepared) {
      try {
        const before = processorTime(server.pid)
        const round = await worker.ask<Round>('round', { charges, inFlight: lanes.inFlight })
        rounds.push({ ...round, server: (processorTime(server.pid) - before) / charges })
      } catch (error) {
        leaveOut(name, inShort(error))
      }
    }
  }
  return prepared.filter(({ rounds }) => rounds.length === effort.rounds)
}
