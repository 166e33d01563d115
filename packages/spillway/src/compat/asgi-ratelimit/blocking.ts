import { after, isPromise, quietly } from '../../core/awaitable.js'
import type { Awaitable } from '../../core/units.js'
import type { Guard } from '../../guard.js'
import type { RequestDescription } from '../../identity/identity.js'
import type { PartitionContext } from '../../policy/partition.js'
import { partitionName } from '../../policy/partition.js'
import type { Rule } from '../../policy/policy.js'
import type { Store } from '../../store/store.js'
import type { Deny, RuleDecision, Verdict } from '../../verdict.js'
import type { BlockTarget } from './policy.js'

type Blocks = ReadonlyMap<Rule, BlockTarget>

/** The same guard. Where it denies by a rule that blocks, its store hears of the block before the verdict is given. */
export function blocking(guard: Guard, store: Store, blocks: Blocks): Guard {
  return {
    ...guard,
    decide: (request) =>
      after(guard.decide(request), (verdict) =>
        verdict.kind === 'deny' ? withBlock(store, blocks, verdict, request) : verdict,
      ),
  }
}

/**
 * A store that fails to block, or to end a block, is no fault of the request's: it is refused all the same, and blocked
 * on its own counts.
 */
function withBlock(store: Store, blocks: Blocks, verdict: Deny, request: RequestDescription): Awaitable<Verdict> {
  const broken = verdict.decisions.filter((each) => isBroken(each, blocks))
  const [first] = broken
  if (first === undefined) return verdict

  const asked = { ...verdict, request, address: undefined, network: undefined }
  if (verdict.decisions.some(({ decision }) => decision.kind === 'blocked'))
    return after(endBlocks(store, broken, asked), () => asBlocked(verdict, blocks))
  return after(startBlock(store, blocks, first, asked), () => verdict)
}

function isBroken({ rule, decision }: RuleDecision, blocks: Blocks): boolean {
  return decision.kind === 'denied' && blocks.has(rule)
}

function startBlock(store: Store, blocks: Blocks, { rule }: RuleDecision, asked: PartitionContext): Awaitable<void> {
  const [target, span] = [blocks.get(rule), rule.block?.for]
  if (target === undefined || span === undefined) return
  return quietly(() => store.block(target.zone, partitionName(target.partition, asked), span))
}

/** A request of who is blocked starts no block; but the store has started one for each window that has no room either. */
function endBlocks(store: Store, broken: readonly RuleDecision[], asked: PartitionContext): Awaitable<void> {
  const all = broken.map(({ rule }) => quietly(() => store.unblock(rule.zone, partitionName(rule.partition, asked))))
  return all.some(isPromise) ? Promise.all(all).then(() => undefined) : undefined
}

/** What such a request is answered: its windows must be waited for, not the blocks that they would have started. */
function asBlocked(verdict: Deny, blocks: Blocks): Verdict {
  const decisions = verdict.decisions.map((each) => {
    const { rule, decision } = each
    if (decision.kind !== 'denied' || !blocks.has(rule)) return each
    return { rule, decision: { ...decision, retryAfter: Math.max(...decision.quotas.map((one) => one.retryAfter)) } }
  })
  const decisive = decisions.reduce((longest, each) => (waitOf(each) > waitOf(longest) ? each : longest))
  return { ...verdict, decisions, decisive }
}

/** For a refusal; no wait is endless here, as every cost is 1. */
function waitOf({ decision }: RuleDecision): number {
  return decision.kind === 'denied' || decision.kind === 'blocked' ? decision.retryAfter : 0
}
