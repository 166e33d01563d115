import type { Micros } from 'spillway'
import type { Figures, Kind } from './figures.js'
import type { Judge, Outcome } from './judge/judge.js'
import { codeOf, outcomeOf, outcomeOfError } from './outcome.js'
import { now } from './pacing.js'
import type { LoadPlan, PlannedRequest } from './plan.js'
import type { Hearer } from './sender.js'

/** Sends the requests of a plan, and tells its figures and its judge what comes of them. */
export interface Attempts {
  /** `refused` hears of a refusal, and how long it asks to wait. */
  send(request: PlannedRequest, due: Micros, refused: (wait: Micros | undefined) => void): void
  underway(): number
  /** Resolves once all are answered, or after so many milliseconds. */
  answered(patience: number): Promise<void>
}

/** So many requests may be without an answer; what would come on top is counted as an error, and not sent. */
const MOST_UNDERWAY = 10_000

/** Nothing was sent yet. */
export function attempts({ sender, denied }: LoadPlan, figures: Figures, judge: Judge): Attempts {
  let underway = 0
  let idle: () => void = () => undefined
  const done = () => {
    if (--underway === 0) idle()
  }

  return {
    underway: () => underway,
    send(request, due, refused) {
      const sent = now()
      figures.sent(sent - due)
      if (underway >= MOST_UNDERWAY) return figures.error(`over ${MOST_UNDERWAY} unanswered`)
      underway++
      const waiting = judge.sent(request.line, sent)
      const conclude = (outcome: Outcome) => {
        judge.answered(waiting, now(), outcome)
        if (outcome.kind === 'refused') refused(outcome.wait)
      }
      sender.send(request.message, hearer({ figures, denied, due, done, conclude }))
    },
    answered(patience) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, patience)
        idle = () => {
          clearTimeout(timer)
          resolve()
        }
        if (underway === 0) idle()
      })
    },
  }
}

interface Attempt {
  readonly figures: Figures
  readonly denied: number
  readonly due: Micros
  readonly done: () => void
  readonly conclude: (outcome: Outcome) => void
}

const KINDS = { admitted: 'admitted', refused: 'denied', unknown: 'failed', unsent: 'failed' } as const

function hearer({ figures, denied, due, done, conclude }: Attempt): Hearer {
  let kind: Kind | undefined
  return {
    head(status, fields) {
      const outcome = outcomeOf(status, fields, denied)
      kind = KINDS[outcome.kind]
      figures.head(kind, status)
      conclude(outcome)
    },
    end() {
      if (kind !== undefined) figures.end(kind, now() - due)
      done()
    },
    failed(error) {
      const code = codeOf(error)
      if (kind === undefined) {
        figures.error(code)
        conclude(outcomeOfError(code))
      } else figures.brokeOff(code)
      done()
    },
  }
}
