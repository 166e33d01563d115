import type { Policy } from 'spillway'
import { freePartition } from './free-partition.js'
import { idlePartition } from './idle-partition.js'
import { mixedZone } from './mixed-zone.js'
import { mootQuota } from './moot-quota.js'
import { nobodyPasses } from './nobody-passes.js'
import { ownUpstream } from './own-upstream.js'
import { rollOut } from './roll-out.js'
import { sameCandidate } from './same-candidate.js'
import { shadowLeft } from './shadow-left.js'
import { shortBlock } from './short-block.js'
import { spelledOtherwise } from './spelled-otherwise.js'
import { tokenSources } from './token-sources.js'
import { trustEveryone } from './trust-everyone.js'
import { uncoveredGroup } from './uncovered-group.js'
import { unguardedRedis } from './unguarded-redis.js'
import { unlimitedOnFailure } from './unlimited-on-failure.js'
import { unmatchedExpression } from './unmatched-expression.js'
import { unreachableRule } from './unreachable-rule.js'
import { unsetGroup } from './unset-group.js'
import { unusedLease } from './unused-lease.js'
import type { Lint, Warning } from './warning.js'
import { weakSecret } from './weak-secret.js'

const lints: readonly Lint[] = [
  unreachableRule,
  unmatchedExpression,
  uncoveredGroup,
  unsetGroup,
  mixedZone,
  mootQuota,
  freePartition,
  spelledOtherwise,
  idlePartition,
  nobodyPasses,
  weakSecret,
  tokenSources,
  trustEveryone,
  ownUpstream,
  unguardedRedis,
  unlimitedOnFailure,
  unusedLease,
  shortBlock,
  shadowLeft,
  rollOut,
  sameCandidate,
]

/** Everything in a sound policy that is probably not meant. */
export function lintPolicy(policy: Policy): readonly Warning[] {
  return lints.flatMap((lint) => lint(policy))
}
