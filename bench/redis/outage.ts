import { setTimeout as sleep } from 'node:timers/promises'
import { startRedis } from '../../test/support/redis-process.js'
import type { Figure, Required } from '../lib/figure.js'
import { atMost } from '../lib/figure.js'
import { startWorker } from '../lib/worker.js'
import type { Steadily } from './sample.js'
import { WAITED } from './sample.js'

const LOAD = 'a server that hangs for 5 s (SIGSTOP), 50 charges a second'
/** Milliseconds. */
const BEFORE = 1_000
const OUTAGE = 5_000
const AFTER = 1_500

const NAMES = ['spillway', 'rate-limiter-flexible'] as const

/** What an outage costs, beside the peer that can be told best what to do in one. */
export async function measureOutage(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const name of NAMES) figures.push(...(await outageOf(name)))
  return figures
}

async function outageOf(name: string): Promise<Figure[]> {
  const server = await startRedis()
  const worker = await startWorker('redis/steady', [name, String(server.port)])
  try {
    await worker.ask('begin')
    await sleep(BEFORE)
    server.pause()
    const pausedAt = Date.now()
    await sleep(OUTAGE)
    const before = await worker.ask<number>('answered')
    server.resume()
    const resumedAt = Date.now()
    while ((await worker.ask<number>('answered')) <= before && Date.now() - resumedAt < 2 * OUTAGE) await sleep(1)
    const recovered = Date.now() - resumedAt
    await sleep(AFTER)
    return figuresOf(name, await worker.ask<Steadily>('end'), [pausedAt, resumedAt], recovered)
  } finally {
    await worker.stop()
    await server.stop()
  }
}

function figuresOf(
  name: string,
  { samples, failed, late }: Steadily,
  [from, to]: readonly [number, number],
  recovered: number,
): Figure[] {
  const during = samples.filter(({ at }) => at >= from && at < to).map(({ took }) => took)
  const rest = during.filter((took) => took < WAITED).sort((a, b) => a - b)
  const figure = (what: string, measured: number, unit: string, required: Required, note?: string): Figure => ({
    load: `${LOAD}: ${what}`,
    contestant: name,
    measured,
    unit,
    ...(name === 'spillway' && { required }),
    ...(note !== undefined && { note }),
  })
  const ofAll = `of ${during.length}; ${failed} rejected`
  return [
    figure('charges that wait for the deadline', during.length - rest.length, 'charges', atMost('measured', 20), ofAll),
    ...(rest.length === 0
      ? []
      : [figure('p99 of the others', rest[Math.floor(rest.length * 0.99)] as number, 'ms', atMost('measured', 5))]),
    figure('counted after it goes on', late, 'units', atMost('measured', 30), 'and never answered'),
    figure('until it decides again', recovered, 'ms', atMost('measured', 1_000)),
  ]
}
