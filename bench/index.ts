/**
 * `npm run bench -- [--quick] [PART…]`: the speed and the size of Spillway beside what is required of it, and beside
 * its peers.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measureFronts } from './fronts.js'
import { measureGateway } from './gateway.js'
import { measureGuard } from './guard.js'
import { buildAll } from './lib/build.js'
import { chart } from './lib/chart.js'
import type { Effort, PartResult } from './lib/figure.js'
import type { Machine } from './lib/machine.js'
import { describeMachine } from './lib/machine.js'
import { memoryCurve } from './lib/memory-curve.js'
import { absentPeers, shortfalls, table } from './lib/report.js'
import { measureMemory } from './memory.js'
import { measureMemorySize } from './memory-size.js'
import { measureRedis } from './redis.js'
import { measureReplay } from './replay.js'

const PARTS: Readonly<Record<string, (effort: Effort) => Promise<PartResult>>> = {
  memory: measureMemory,
  'memory-size': measureMemorySize,
  guard: measureGuard,
  fronts: measureFronts,
  gateway: measureGateway,
  redis: measureRedis,
  replay: measureReplay,
}

const FULL: Effort = { rounds: 5, scale: 1 }
const QUICK: Effort = { rounds: 3, scale: 0.1 }

const RESULTS = new URL('results/', import.meta.url)
const LATEST = new URL('latest.json', RESULTS)
const IMAGES = new URL('../docs/images/', import.meta.url)

/** What is kept of a part: its figures, and what they were taken on and how. */
interface Kept extends PartResult {
  readonly machine: Machine
  readonly effort: Effort
}

const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true })
const names = positionals.length === 0 ? Object.keys(PARTS) : positionals
const unknown = names.filter((name) => !Object.hasOwn(PARTS, name))

if (unknown.length > 0) {
  console.error(`no part is called ${unknown.join(', ')}: there are ${Object.keys(PARTS).join(', ')}`)
  process.exitCode = 2
} else {
  await run(names, values.quick ? QUICK : FULL)
}

async function run(chosen: readonly string[], effort: Effort): Promise<void> {
  const machine = describeMachine()
  console.log(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load}`)
  if (machine.load > 0.5) console.log('Other programs are busy: expect figures that wander, and run this again alone.')
  await buildAll()

  const results: PartResult[] = []
  for (const name of chosen) {
    const result = await (PARTS[name] as (effort: Effort) => Promise<PartResult>)(effort)
    console.log(table(result))
    results.push(result)
  }

  // A quick look is no record.
  if (effort === FULL) record(results, machine, effort)
  conclude(results)
}

/** Says whether all is as required. It fails nobody: a busy machine misses marks too. */
function conclude(results: readonly PartResult[]): void {
  const [missed, absent] = [shortfalls(results), absentPeers(results)]
  console.log(missed.length === 0 ? '\nAll that is required is met.' : `\nNot met:\n${missed.join('\n')}`)
  if (absent.length > 0)
    console.log(`\nLeft out, and with them whatever is required beside them: ${absent.join(', ')}.`)
}

/** Keeps the figures; those of parts that were not run now stay as they were. */
function record(results: readonly PartResult[], machine: Machine, effort: Effort): void {
  const kept = new Map<string, Kept>(earlier().map((part) => [part.part, part]))
  for (const result of results) kept.set(result.part, { ...result, machine, effort })
  mkdirSync(RESULTS, { recursive: true })
  writeFileSync(LATEST, `${JSON.stringify([...kept.values()], null, 2)}\n`)

  const [memory, replay] = [kept.get('memory'), kept.get('replay')]
  mkdirSync(IMAGES, { recursive: true })
  if (memory) writeFileSync(new URL('bench.svg', IMAGES), chart(memory, memory.machine))
  const curve = replay && memoryCurve(replay, replay.machine)
  if (curve) writeFileSync(new URL('replay-memory.svg', IMAGES), curve)
}

function earlier(): Kept[] {
  return existsSync(LATEST) ? (JSON.parse(readFileSync(LATEST, 'utf8')) as Kept[]) : []
}
