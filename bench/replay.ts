import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installMissing, isInstalled } from '../test/support/debian-package.js'
import type { Effort, Figure, PartResult, Required, Skipped } from './lib/figure.js'
import { atLeast, atMost, median } from './lib/figure.js'
import { pin } from './lib/pin.js'
import { startWorker } from './lib/worker.js'
import type { Reading } from './replay/reading.js'
import { writeLog } from './replay/write-log.js'

const POLICY = fileURLToPath(new URL('replay/policy.yaml', import.meta.url))
const LINES = 1_000_000
/** A gigabyte. */
const LINES_OF_LARGE = 5_000_000

const OURS = 'spillway replay'
const FLOOR = 'a loop that splits lines and cuts out three fields'
const MAPS = 'that loop with bare Maps of clients, paths and windows'
const PEER = 'GoAccess'
const PEER_NOTE = 'knows no limit, and counts other things: visitors, browsers, referrers'
/** What a process is asked for each contestant. */
const QUESTIONS: Readonly<Record<string, string>> = {
  [FLOOR]: 'plain',
  [MAPS]: 'maps',
  [OURS]: 'replay',
  [PEER]: 'goaccess',
}

/**
 * How fast a log is replayed on one core, beside the least that a reader does and beside a log analyser, and in what
 * memory.
 */
export async function measureReplay(effort: Effort): Promise<PartResult> {
  const skipped: Skipped[] = []
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-'))
  try {
    const speed = await speedFigures(join(folder, 'access.log'), effort, skipped)
    const memory = await memoryFigures(join(folder, 'large.log'), effort)
    return {
      part: 'replay',
      title: 'A replay of 100,000 clients under five rules, on one core',
      figures: [...speed, ...memory],
      skipped,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function speedFigures(log: string, { rounds, scale }: Effort, skipped: Skipped[]): Promise<Figure[]> {
  const lines = LINES * scale
  writeLog(log, lines)
  const contestants = [FLOOR, MAPS, OURS, ...peers(skipped)]
  const readings = new Map<string, Reading[]>(contestants.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, taken] of readings) taken.push(await readOnce(name, log, lines))
  }
  const load = `time a line, of ${lines.toLocaleString('en')} lines`
  const figure = (name: string, against: string, required?: Required) => ({
    load,
    ...figureOf(name, readings, against),
    ...(required && { required }),
  })
  const beside = readings.has(PEER)
    ? [{ ...figure(PEER, FLOOR), note: PEER_NOTE }, figure(OURS, PEER, atLeast('ratio', 5))]
    : []
  return [figure(FLOOR, FLOOR), figure(MAPS, FLOOR), figure(OURS, FLOOR, atLeast('ratio', 0.3)), ...beside]
}

function peers(skipped: Skipped[]): string[] {
  installMissing('goaccess', 'goaccess')
  if (isInstalled('goaccess')) return [PEER]
  skipped.push({ contestant: PEER, why: 'not installed: install the package goaccess, and run this again' })
  return []
}

/** Each reads in a process of its own, as a command does: what it must warm up for is measured with it. */
async function readOnce(contestant: string, log: string, lines: number): Promise<Reading> {
  const worker = await startWorker('replay/run', [log, POLICY])
  pin(worker.pid, 'server')
  try {
    const reading = await worker.ask<Reading>(QUESTIONS[contestant] as string)
    if (reading.lines !== lines) throw new Error(`${contestant} read ${reading.lines} of ${lines} lines`)
    return reading
  } finally {
    await worker.stop()
  }
}

function figureOf(name: string, readings: ReadonlyMap<string, readonly Reading[]>, against: string) {
  const own = readings.get(name) ?? []
  const others = readings.get(against) ?? []
  const nanoseconds = (time: 'processor' | 'wall') => median(own.map((each) => (1e9 * each[time]) / each.lines))
  return {
    contestant: name === OURS ? `${OURS}, beside ${against}` : name,
    measured: nanoseconds('processor'),
    wall: nanoseconds('wall'),
    unit: 'ns',
    ratio: median(own.map(({ processor }, round) => (others[round]?.processor ?? Number.NaN) / processor)),
    against,
  }
}

async function memoryFigures(log: string, { scale }: Effort): Promise<Figure[]> {
  const lines = LINES_OF_LARGE * scale
  const gigabytes = writeLog(log, lines) / 1e9
  const { memory, most } = await readOnce(OURS, log, lines)
  const load = `resident memory, at most, over ${gigabytes.toFixed(2)} GB of log`
  const tenths = memory.map((measured, tenth) => ({ load, contestant: `tenth ${tenth + 1}`, measured, unit: 'MB' }))
  return [...tenths, { load, contestant: 'all', measured: most, unit: 'MB', required: atMost('measured', 300) }]
}
