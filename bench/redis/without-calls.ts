import type { RedisServer } from '../../test/support/redis-process.js'
import type { Effort, Figure } from '../lib/figure.js'
import { atLeast, atMost, median } from '../lib/figure.js'
import { pin } from '../lib/pin.js'
import type { Worker } from '../lib/worker.js'
import { startWorker } from '../lib/worker.js'
import type { Filled, Shared, Spent } from './alone.js'

const SIZE = 1_000
const LIMIT = 1_000_000
/** Units that a process hands out before it goes idle with the rest of its lease. */
const HANDED_OUT = 100
/** Milliseconds of a full round. */
const ROUND = 1_000
const ENTRIES = 120

/** Refusals from the deny cache, units under leases in two processes, and what a partition takes of the server's memory. */
export async function measureWithoutCalls(server: RedisServer, effort: Effort): Promise<Figure[]> {
  const workers: Worker[] = []
  try {
    for (let each = 0; each < 2; each++) {
      const worker = await startWorker('redis/alone', [String(server.port)])
      pin(worker.pid, 'client')
      workers.push(worker)
    }
    const [one, other] = workers as [Worker, Worker]
    await server.cli('FLUSHALL')
    return [
      await refusals(one, effort),
      ...(await underLeases(one, other, effort)),
      await underAdmission(one, other),
      ...(await bytes(one, server)),
    ]
  } finally {
    for (const worker of workers) await worker.stop()
  }
}

async function refusals(worker: Worker, { rounds, scale }: Effort): Promise<Figure> {
  const rates: Rates[] = []
  for (let round = 0; round < rounds; round++) {
    const spent = await worker.ask<Spent>('refuse', { span: ROUND * scale })
    rates.push(ratesOf(spent, spent.refused))
  }
  return {
    load: 'denied traffic on 1,000 partitions',
    contestant: 'deny cache',
    ...middle(rates),
    unit: '/s',
    required: atLeast('measured', 1_000_000),
    note: 'each partition asks the server once a second',
  }
}

/** Both draw on one partition until each is refused. */
async function underLeases(one: Worker, other: Worker, { rounds }: Effort): Promise<Figure[]> {
  const rates: Rates[] = []
  const admitted: number[] = []
  for (let round = 0; round < rounds; round++) {
    const shared: Shared = { partition: `hot-${round}`, limit: LIMIT, size: SIZE }
    const both = await Promise.all([one.ask<Spent>('draw', shared), other.ask<Spent>('draw', shared)])
    rates.push(...both.map((spent) => ratesOf(spent, spent.admitted)))
    admitted.push(both.reduce((sum, spent) => sum + spent.admitted, 0))
  }
  const most = Math.max(...admitted)
  const load = `a hot partition under leases of ${SIZE.toLocaleString('en')}, in two processes`
  const required = atLeast('measured', 500_000)
  const note = `admitted ${admitted.map((units) => units.toLocaleString('en')).join(', ')} of ${LIMIT.toLocaleString('en')}`
  return [
    { load: `${load}: a process`, contestant: 'lease', ...middle(rates), unit: '/s', required, note },
    {
      load: `${load}: units above the limit`,
      contestant: 'lease',
      measured: Math.max(0, most - LIMIT),
      unit: 'units',
      required: atMost('measured', 0),
    },
  ]
}

/** One takes a lease and goes idle; the other draws until it is refused. */
async function underAdmission(idle: Worker, busy: Worker): Promise<Figure> {
  const shared: Shared = { partition: 'half-held', limit: 20 * SIZE, size: SIZE }
  const handedOut = (await idle.ask<Spent>('draw', { ...shared, units: HANDED_OUT })).admitted
  const drawn = (await busy.ask<Spent>('draw', shared)).admitted
  const measured = handedOut + drawn
  return {
    load: `units admitted before a refusal, of ${shared.limit.toLocaleString('en')}, while an idle process holds a lease`,
    contestant: 'lease',
    measured,
    unit: 'units',
    ratio: measured / (shared.limit - shared.size),
    against: 'the bound',
    required: atLeast('ratio', 1),
    note: `beside the bound, limit less (processes - 1) × size: ${(shared.limit - shared.size).toLocaleString('en')}`,
  }
}

async function bytes(worker: Worker, server: RedisServer): Promise<Figure[]> {
  const filled: Filled = { partition: 'user:alice', entries: ENTRIES }
  await worker.ask('fill', filled)
  const usage = async (zone: string) =>
    Number(await server.cli('MEMORY', 'USAGE', `spillway:{${filled.partition}}${zone}`, 'SAMPLES', '0'))
  const load = 'memory of the server for a partition, with its key'
  return [
    {
      load,
      contestant: 'three quotas, no log',
      measured: await usage('three'),
      unit: 'bytes',
      required: atMost('measured', 180),
    },
    {
      load,
      contestant: `a log of ${ENTRIES} entries`,
      measured: await usage('log'),
      unit: 'bytes',
      required: atMost('measured', 1_536),
    },
  ]
}

/** Decisions a second of processor time, and of the clock on the wall. */
interface Rates {
  readonly measured: number
  readonly wall: number
}

function ratesOf({ processor, wall }: Spent, decisions: number): Rates {
  return { measured: (decisions / processor) * 1e6, wall: (decisions / wall) * 1e6 }
}

function middle(rates: readonly Rates[]): Rates {
  return { measured: median(rates.map(({ measured }) => measured)), wall: median(rates.map(({ wall }) => wall)) }
}
