import { approximations } from '../replay/approximations.js'
import { lateLines } from '../replay/late-lines.js'
import { unheard } from '../replay/who.js'
import { counted, shortPercent } from '../spelling/numbers.js'
import type { Confirmed } from './confirm.js'
import type { Measurement } from './measure.js'
import type { Window } from './windows.js'
import { WINDOWS } from './windows.js'
import { aWindow } from './words.js'

/** Fewer clients say little of what is usual. */
const FEW_CLIENTS = 100

/** What a person should know before the figures of a suggestion are trusted. */
export function notesOn(
  refuse: number,
  { legitimate, windows }: Measurement,
  { fitted, heldOut, wholeTrial, findings, user }: Confirmed,
): string[] {
  const clients = legitimate.length
  const { lines } = findings.unparsed
  const { clients: all, total } = wholeTrial.replay.tally
  const ofTheLog = [unheard(user, all.kept), lateLines(findings.order, total.requests)]
  return [
    ...ofTheLog.filter((note) => note !== undefined),
    ...(clients < FEW_CLIENTS
      ? [
          `${counted(clients, 'legitimate client')} ${clients === 1 ? 'says' : 'say'} little of what is usual: a longer log says more`,
        ]
      : []),
    ...(refuse > 0 && refuse * clients < 1
      ? [`${shortPercent(refuse)} of ${counted(clients, 'client')} is less than one: nobody is to be refused`]
      : []),
    ...(fitted.legitimate.share > refuse
      ? [`${shortPercent(refuse)} was not reached: a replay refuses ${shortPercent(fitted.legitimate.share)}`]
      : []),
    ...((heldOut?.legitimate.share ?? 0) > refuse
      ? [
          'of the part that was held out more are refused than may be: some ask for more there than anybody did before. A longer log has wider limits',
        ]
      : []),
    ...tooShortFor(WINDOWS.filter((window) => !windows.includes(window))),
    ...(lines > 0
      ? [`${counted(lines, 'line')} could not be read as a request: \`spillway replay\` shows the first`]
      : []),
    ...approximations(wholeTrial.replay),
  ]
}

function tooShortFor(windows: readonly Window[]): string[] {
  if (windows.length === 0) return []
  return [`the log is too short to say what is usual in ${windows.map(({ name }) => aWindow(name)).join(' or ')}`]
}
