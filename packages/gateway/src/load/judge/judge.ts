import type { Micros } from 'spillway'
import type { Told } from 'spillway/client'
import type { Draws } from './draws.js'
import type { Finding, Promises, Untrue } from './promises.js'
import { promises } from './promises.js'
import { noteBlock, noteDraw, undrawnSince } from './shares.js'
import type { Excess } from './watch.js'

/** One client's requests for one target: they draw on the same shares. */
export interface Line {
  /** As a person knows them: `x-api-key: key-3, GET /towns`. */
  readonly name: string
  readonly draws: Draws
  readonly promises: Promises
}

/** A request that was sent, and not answered yet. */
export interface Underway {
  readonly line: Line
  readonly sent: Micros
}

/** What came of a request. */
export type Outcome =
  | { readonly kind: 'admitted'; readonly status: number; readonly told: Told | undefined }
  | { readonly kind: 'refused'; readonly wait: Micros | undefined; readonly rounding: Micros }
  /** Nobody knows whether the limiter let it through: it broke, or failed with a status from 500. */
  | { readonly kind: 'unknown' }
  /** It never reached the server. */
  | { readonly kind: 'unsent' }

/** An excess, by whom and of what. */
export interface ProvenExcess extends Excess {
  readonly line: string
  readonly quota: string
}

/** A promise that was not true, and to whom. */
export interface ProvenUntrue extends Untrue {
  readonly line: string
}

/** What was found so far. */
export interface Findings {
  /** `watched`: admitted requests that some quota was known for. */
  readonly excesses: { watched: number; count: number; readonly first: ProvenExcess[] }
  readonly retryAfter: {
    refusals: number
    without: number
    kept: number
    open: number
    untrue: number
    readonly first: ProvenUntrue[]
  }
}

/** Holds what clients see against what they may get. */
export interface Judge {
  readonly findings: Findings
  sent(line: Line, at: Micros): Underway
  /** In the order of the answers. */
  answered(request: Underway, at: Micros, outcome: Outcome): void
}

/** Of what is wrong, so many are kept whole; all are counted. */
const FIRST = 10

/** Makes a line of requests that draw so. */
export function lineOf(name: string, draws: Draws): Line {
  return { name, draws, promises: promises() }
}

/** A judge who has seen nothing yet. */
export function judge(): Judge {
  // In the order in which they were sent.
  const underway = new Set<Underway>()
  const findings: Findings = {
    excesses: { watched: 0, count: 0, first: [] },
    retryAfter: { refusals: 0, without: 0, kept: 0, open: 0, untrue: 0, first: [] },
  }
  const oldest = () => underway.values().next().value?.sent ?? Number.POSITIVE_INFINITY

  return {
    findings,
    sent(line, at) {
      const request = { line, sent: at }
      underway.add(request)
      for (const share of line.draws.shares) share.underway++
      return request
    },
    answered(request, at, outcome) {
      underway.delete(request)
      for (const share of request.line.draws.shares) share.underway--
      note(findings, request, at, outcome, oldest())
    },
  }
}

function note(findings: Findings, request: Underway, answered: Micros, outcome: Outcome, oldest: Micros): void {
  const { line, sent } = request
  const { shares } = line.draws
  switch (outcome.kind) {
    case 'admitted':
      noteExcesses(findings, request, answered, outcome, oldest)
      noteFinding(findings, line, line.promises.admitted({ sent, answered }))
      noteDraw(shares, answered)
      break
    case 'refused':
      noteRefusal(findings, request, answered, outcome)
      break
    case 'unknown':
      // It may be decided at any time from now on.
      noteDraw(shares, Number.POSITIVE_INFINITY)
      break
    case 'unsent':
      break
  }
}

function noteExcesses(
  { excesses }: Findings,
  { line, sent }: Underway,
  answered: Micros,
  { status, told }: Outcome & { readonly kind: 'admitted' },
  oldest: Micros,
): void {
  const drawn = line.draws.drawn(status, told)
  if (drawn.length > 0) excesses.watched++
  for (const { watch, units } of drawn) {
    for (const look of watch.watches) {
      const excess = look({ sent, answered, units }, oldest)
      if (excess === undefined) continue
      excesses.count++
      if (excesses.first.length < FIRST) excesses.first.push({ line: line.name, quota: watch.quota, ...excess })
    }
  }
}

function noteRefusal(
  findings: Findings,
  { line, sent }: Underway,
  answered: Micros,
  { wait, rounding }: Outcome & { readonly kind: 'refused' },
): void {
  const { shares, startsBlock } = line.draws
  findings.retryAfter.refusals++
  if (wait === undefined) findings.retryAfter.without++
  const refusal = { sent, answered, ...(wait !== undefined && { wait, rounding }) }
  noteFinding(findings, line, line.promises.refused(refusal, undrawnSince(shares, line)))
  if (startsBlock) noteBlock(shares, line, answered)
}

function noteFinding({ retryAfter }: Findings, { name, draws }: Line, finding: Finding | undefined): void {
  if (finding === undefined) return
  if (finding.kind !== 'broken') {
    retryAfter[finding.kind]++
    return
  }
  const { untrue } = finding
  const provable = untrue.what === 'too-long' ? draws.promises.sooner : draws.promises.later
  if (!provable) {
    retryAfter.open++
    return
  }
  retryAfter.untrue++
  if (retryAfter.first.length < FIRST) retryAfter.first.push({ line: name, ...untrue })
}
