import { after, isPromise } from '../../core/awaitable.js'
import type { Awaitable } from '../../core/units.js'
import type { Guard } from '../../guard.js'
import type { RequestDescription } from '../../identity/identity.js'
import { partitionName } from '../../policy/partition.js'
import type { Rule } from '../../policy/policy.js'
import type { Store } from '../../store/store.js'
import type { Deny, Verdict } from '../../verdict.js'
import type { BlockTarget } from './policy.js'

/** The same guard. Where it denies by a rule that blocks, its store hears of the block before the verdict is given. */
export function blocking(guard: Guard, store: Store, blocks: ReadonlyMap<Rule, BlockTarget>): Guard {
  return {
    ...guard,
    decide: (request) =>
      after(guard.decide(request), (verdict) =>
        verdict.kind === 'deny' ? blocked(store, blocks, verdict, request) : verdict,
      ),
  }
}

function blocked(
  store: Store,
  blocks: ReadonlyMap<Rule, BlockTarget>,
  verdict: Deny,
  request: RequestDescription,
): Awaitable<Verdict> {
  const broken = verdict.decisions.find(({ rule, decision }) => decision.kind === 'denied' && blocks.has(rule))
  const target = broken && blocks.get(broken.rule)
  if (broken?.rule.block === undefined || target === undefined) return verdict

  const asked = { ...verdict, request, address: undefined, network: undefined }
  const partition = partitionName(target.partition, asked)
  const done = started(store, target, partition, broken.rule.block.for)
  return isPromise(done) ? done.then(() => verdict) : verdict
}

/** A store that fails is no fault of the request's: it is refused all the same, and blocked on its own counts. */
function started(store: Store, { zone }: BlockTarget, partition: string, span: number): Awaitable<void> {
  try {
    const done = store.block(zone, partition, span)
    return isPromise(done) ? done.then(undefined, () => undefined) : done
  } catch {
    return undefined
  }
}
