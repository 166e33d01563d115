import type { Asking } from '../guard/charges.js'
import { asking, countsByAddress } from '../guard/charges.js'
import type { Guard } from '../guard.js'
import { createGuard } from '../guard.js'
import type { Answer } from '../http/answer.js'
import { readerAmong } from '../identity/address-reader.js'
import { addressReader } from '../identity/client-ip.js'
import { identitySources } from '../identity/from-config.js'
import type { RequestDescription } from '../identity/identity.js'
import { partitionName } from '../policy/partition.js'
import { normalisePath } from '../policy/path.js'
import type { Policy } from '../policy/policy.js'
import type { Store } from '../store/store.js'
import type { Allow, DeniedContent, Deny, Undecided, Verdict } from '../verdict.js'
import type { AnswerExplained, Explanation, SourceExplained, VerdictExplained } from './explanation.js'
import type { Decided } from './layers.js'
import { explainLayer } from './layers.js'
import { shownIdentity } from './privacy.js'
import { explainSources, watchSources } from './sources.js'

/** A guard whose verdicts can be explained. */
export interface ExplainedGuard {
  /** As `createGuard` makes it, by the policy's own sources. */
  readonly guard: Guard
  /**
   * Explains a verdict of this guard. Of the request nothing is kept that is not shown, and `layers` are made only when
   * they are read, so that a refusal costs a few microseconds more.
   */
  explain(request: RequestDescription, verdict: Verdict, answer: Answer): Explanation
}

/** What a guard is made of whose verdicts can be explained. */
export interface ExplainedGuardOptions {
  /** Where the counts are. */
  readonly store: Store
  /** The body of a denial where the policy's `denied.body` is a file. */
  readonly deniedContent?: DeniedContent
}

/** Makes a guard of a policy whose verdicts can be explained. Throws as `createGuard` does. */
export function explainedGuard(policy: Policy, options: ExplainedGuardOptions): ExplainedGuard {
  const watched = watchSources(identitySources(policy.identity))
  const guard = createGuard(policy, { ...options, identity: watched.sources })
  const readAddress = countsByAddress(policy) ? (readerAmong(watched.sources) ?? addressReader()) : undefined

  const sourcesOf = (request: RequestDescription, verdict: Verdict): readonly SourceExplained[] => {
    if (verdict.kind === 'malformed') return []
    const found = verdict.kind === 'unidentified' ? verdict.error : verdict.identity
    return explainSources(policy.identity, watched, request, found)
  }

  return {
    guard,
    explain(request, verdict, answer) {
      const outset = {
        method: request.method,
        sources: sourcesOf(request, verdict),
        verdict: explainVerdict(verdict),
        answer: explainAnswer(answer),
      }
      if (!isOfRules(verdict)) return { ...outset, ...soundPath(request, policy), preflight: false, layers: [] }

      const { path, identity } = verdict
      const decided = decidedOf(verdict, asking(request, path, identity, readAddress))
      return {
        ...outset,
        path,
        preflight: decided.preflight,
        identity: shownIdentity(identity),
        get layers() {
          return policy.layers.map((layer) => explainLayer(layer, decided))
        },
      }
    },
  }
}

function decidedOf({ decisions, shadows }: VerdictOfRules, asked: Asking): Decided {
  const { path, preflight, request, identity } = asked
  const all = shadows.length === 0 ? decisions : [...decisions, ...shadows]
  return {
    path,
    preflight,
    method: request.method,
    group: identity.group,
    charged: all.map(({ rule, decision }) => ({ rule, decision, partition: partitionName(rule.partition, asked) })),
  }
}

/** The path of a request that no rule was asked about. */
function soundPath({ target }: RequestDescription, { strictPaths }: Policy): Pick<Explanation, 'path'> {
  const path = normalisePath(target, { strict: strictPaths })
  return path.kind === 'path' ? { path: path.matched } : {}
}

type VerdictOfRules = Allow | Deny | Undecided

function isOfRules(verdict: Verdict): verdict is VerdictOfRules {
  return verdict.kind !== 'malformed' && verdict.kind !== 'unidentified'
}

function explainVerdict(verdict: Verdict): VerdictExplained {
  const { kind } = verdict
  switch (kind) {
    case 'allow':
      return verdict.decisions.length > 0 ? { kind } : { kind, because: 'nothing limits this request' }
    case 'deny':
      return { kind, rule: verdict.decisive.rule.name }
    case 'undecided':
      return { kind, because: `the store failed, and onStoreFailure says ${verdict.onStoreFailure}` }
    case 'unidentified':
      return { kind, because: verdict.error.message }
    case 'malformed':
      return { kind, because: verdict.reason }
  }
}

function explainAnswer(answer: Answer): AnswerExplained {
  const { kind, fields } = answer
  return kind === 'pass' ? { kind, fields } : { kind, status: answer.status, fields }
}
