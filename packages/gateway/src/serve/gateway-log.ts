import type { Logger } from 'pino'
import type { Clock, Decision, RuleDecision, Verdict } from 'spillway'
import { sampledLog } from './sampled-log.js'
import type { UpstreamFault } from './upstream-fault.js'

/** Longest part of anything from a client in a line. */
const LONGEST = 128

/**
 * The lines of a gateway at work. None holds a credential, a header or a query: users are named as their identity is,
 * keys by the start of their hash. What traffic can cause is sampled.
 */
export interface GatewayLog {
  /** A request was refused, by the guard; `requestId` is what its explanation is found by. */
  refused(verdict: Verdict, method: string, requestId: string): void
  /** What is on trial would have refused a request, whatever became of it. */
  wouldRefuse(verdict: Verdict, method: string): void
  /** The upstream gave no whole answer to a request; `path` is its normal path, absent where it has none. */
  upstreamFault(fault: UpstreamFault, begun: boolean, method: string, path: string | undefined): void
  /** A fault of the gateway's own. */
  broken(error: unknown): void
}

/** Writes to `log`, at most ten lines a second for each rule and each kind of fault. */
export function gatewayLog(log: Logger, clock: Clock): GatewayLog {
  const sampled = sampledLog(clock)

  return {
    refused: (verdict, method, requestId) => {
      sampled.line(`refused ${topicOf(verdict)}`, (leftOut) => {
        log.warn({ ...refusalOf(verdict), method, requestId, ...counted(leftOut) }, 'refused')
      })
    },
    wouldRefuse: (verdict, method) => {
      if (verdict.kind === 'unidentified' || verdict.kind === 'malformed') return
      for (const shadow of verdict.shadows) {
        const { rule, decision } = shadow
        if (decision.kind === 'allowed' || decision.kind === 'unknown') continue
        sampled.line(`would refuse ${rule.mode} ${rule.name}`, (leftOut) => {
          const asked = { verdict: verdict.kind, ...askedBy(verdict), method }
          log.info({ ...trialOf(shadow), ...asked, ...counted(leftOut) }, 'would refuse')
        })
      }
    },
    upstreamFault: (fault, begun, method, path) => {
      sampled.line(`upstream ${fault}`, (leftOut) => {
        const asked = { ...(path !== undefined && { path: path.slice(0, LONGEST) }), method }
        log.error({ reason: fault, begun, ...asked, ...counted(leftOut) }, 'no whole answer from the upstream')
      })
    },
    broken: (error) => {
      sampled.line('broken', (leftOut) => {
        log.error({ err: error, ...counted(leftOut) }, 'could not decide on a request')
      })
    },
  }
}

function topicOf(verdict: Verdict): string {
  return verdict.kind === 'deny' ? verdict.decisive.rule.name : verdict.kind
}

function refusalOf(verdict: Verdict): object {
  switch (verdict.kind) {
    case 'deny': {
      const { rule, decision } = verdict.decisive
      return { verdict: 'deny', rule: rule.name, decision: decision.kind, ...waitOf(decision), ...askedBy(verdict) }
    }
    case 'undecided':
      return { verdict: 'undecided', ...askedBy(verdict) }
    case 'unidentified':
      return { verdict: 'unidentified', code: verdict.error.code }
    case 'malformed':
      return { verdict: 'malformed', reason: verdict.reason }
    case 'allow':
      return { verdict: 'allow' }
  }
}

function trialOf({ rule, decision }: RuleDecision): object {
  return { rule: rule.name, mode: rule.mode, decision: decision.kind, ...waitOf(decision) }
}

function waitOf(decision: Decision): object {
  return 'retryAfter' in decision ? { retryAfterSeconds: decision.retryAfter / 1_000_000 } : {}
}

function askedBy({ identity, path }: Verdict & { readonly kind: 'allow' | 'deny' | 'undecided' }): object {
  const user = identity.kind === 'key' ? identity.user.slice(0, 12) : identity.user.slice(0, LONGEST)
  return { who: `${identity.kind}:${user}`, group: identity.group, path: path.slice(0, LONGEST) }
}

function counted(leftOut: number): object {
  return leftOut === 0 ? {} : { leftOut }
}
