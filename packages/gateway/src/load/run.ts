import type { Micros } from 'spillway'
import type { Attempts } from './attempts.js'
import { attempts } from './attempts.js'
import type { Figures } from './figures.js'
import { figures } from './figures.js'
import type { Findings } from './judge/judge.js'
import { judge } from './judge/judge.js'
import { now, pace } from './pacing.js'
import type { LoadPlan, PlannedRequest } from './plan.js'
import type { Probes } from './probes.js'
import { probesUntil } from './probes.js'
import type { Turns } from './turns.js'
import { turnsOf } from './turns.js'

/** What a load came to. */
export interface LoadRun {
  readonly figures: Figures
  readonly findings: Findings
  readonly took: Micros
  /** Clients whose very first request was refused. */
  readonly refusedAtFirst: number
  readonly ended: 'time' | 'signal' | 'unanswered'
}

/** Who hears how far a load is, once a second. */
export type LoadWatcher = (seconds: number, figures: Figures, underway: number) => void

/** How long is waited for answers after the last request, at most; shorter once a signal has come. Milliseconds. */
const PATIENCE = { time: 30_000, signal: 2_000 }

interface Running {
  readonly plan: LoadPlan
  readonly figures: Figures
  readonly attempts: Attempts
  readonly turns: Turns
  readonly probes: Probes
  /** Clients that have sent something. */
  readonly begun: Set<number>
  refusedAtFirst: number
}

/** Sends a load and waits for the answers. `signal` ends it early: nothing more is sent. */
export async function runLoad(plan: LoadPlan, watcher: LoadWatcher, signal: AbortSignal): Promise<LoadRun> {
  const start = now()
  const judging = judge()
  const running = runningOf(plan, figures(), judging, start + plan.duration)
  const { figures: counted, attempts: sending } = running
  const streams = plan.baseline === undefined ? 1 : 2
  const pacing = pace(start, start + plan.duration, 1e6 / plan.rate / streams, (due, index) => {
    const turn = Math.floor(index / streams)
    if (index % streams === 0) sendNext(running, due, turn)
    else sendBaseline(running, due, turn)
  })
  const stop = () => pacing.stop()
  const tick = () => watcher(Math.round((now() - start) / 1e5) / 10, counted, sending.underway())
  const ticking = setInterval(() => {
    if (nobodyAnswers(counted) && counted.errors.has('ECONNREFUSED')) stop()
    else tick()
  }, 1000)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    await pacing.over
    const took = now() - start
    running.probes.cancel()
    await sending.answered(signal.aborted ? PATIENCE.signal : PATIENCE.time)
    tick()
    const ended = nobodyAnswers(counted) ? 'unanswered' : signal.aborted ? 'signal' : 'time'
    return { figures: counted, findings: judging.findings, took, refusedAtFirst: running.refusedAtFirst, ended }
  } finally {
    clearInterval(ticking)
    signal.removeEventListener('abort', stop)
  }
}

function runningOf(plan: LoadPlan, counted: Figures, judging: ReturnType<typeof judge>, end: Micros): Running {
  const turns = turnsOf(plan.requests.length)
  return {
    plan,
    figures: counted,
    attempts: attempts(plan, counted, judging),
    turns,
    probes: probesUntil(end, turns),
    begun: new Set(),
    refusedAtFirst: 0,
  }
}

/** Requests have failed, and none was answered. */
function nobodyAnswers({ total, errors }: Figures): boolean {
  return errors.size > 0 && total.admitted + total.denied + total.failed === 0
}

function sendNext(running: Running, due: Micros, turn: number): void {
  const client = running.turns.next()
  sendAs(running, client, requestOf(running, client, turn), due)
}

/** The targets in turn, so that each client comes to all of them. */
function requestOf({ plan: { requests } }: Running, client: number, turn: number): PlannedRequest {
  const targets = requests[client] ?? []
  const request = targets[(turn + Math.floor(turn / requests.length)) % targets.length]
  if (request === undefined) throw new RangeError('every client has a request for every target')
  return request
}

function sendAs(running: Running, client: number, request: PlannedRequest, due: Micros): void {
  const first = !running.begun.has(client)
  running.begun.add(client)
  running.attempts.send(request, due, (wait) => {
    if (first) running.refusedAtFirst++
    if (wait === undefined) return
    running.probes.promised(client, now() + wait, (then) => sendAs(running, client, request, then))
  })
}

function sendBaseline(running: Running, due: Micros, turn: number): void {
  const { plan, figures: counted } = running
  const { message } = requestOf(running, turn % plan.requests.length, turn)
  plan.baseline?.send(message, {
    head: () => undefined,
    end: () => counted.baseline(now() - due),
    failed: counted.baselineError,
  })
}
