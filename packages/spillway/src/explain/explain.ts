import type { Clock } from '../core/units.js'
import { answerOf } from '../http/answer.js'
import type { RequestDescription } from '../identity/identity.js'
import { IdentityError } from '../identity/identity.js'
import { jwt } from '../identity/jwt.js'
import type { IdentityConfig, Policy } from '../policy/policy.js'
import { rehearsal } from '../store/rehearsal.js'
import type { ExplainedGuardOptions } from './explained-guard.js'
import { explainedGuard } from './explained-guard.js'
import type { Explanation, SourceExplained } from './explanation.js'

/** What a request is explained with. */
export interface ExplainOptions extends ExplainedGuardOptions {
  /** The time of the store, where it is not the system's. */
  readonly clock?: Clock
}

/**
 * Explains what a request would be answered now, and charges nothing: the guard itself decides, on a store that only
 * peeks. Resolves once the store has answered; rejects where a source needs a package that is missing.
 */
export async function explain(
  policy: Policy,
  request: RequestDescription,
  { clock, ...options }: ExplainOptions,
): Promise<Explanation> {
  const explained = explainedGuard(policy, { ...options, store: rehearsal(options.store, clock) })
  const verdict = await explained.guard.decide(request)
  const explanation = explained.explain(request, verdict, answerOf(verdict, request, explained.guard.answering))
  const sources = explanation.sources.map((each, i) => withTokenFault(each, policy.identity[i], request))
  return { ...explanation, sources: await Promise.all(sources) }
}

/** A source that swallowed a bad token is asked once more, to say what is wrong with it. */
async function withTokenFault(
  explained: SourceExplained,
  config: IdentityConfig | undefined,
  request: RequestDescription,
): Promise<SourceExplained> {
  const unheard = explained.outcome === 'silent' || explained.outcome === 'refused'
  if (!unheard || config?.source !== 'jwt') return explained
  try {
    await jwt({ ...config.options, onInvalidToken: 'deny' })(request)
    return explained
  } catch (error) {
    if (!(error instanceof IdentityError) || !(error.cause instanceof Error)) throw error
    return { ...explained, because: `${explained.because}: ${error.cause.message}` }
  }
}
