import type { Policy } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import type { Warning } from './warning.js'
import { warnAt } from './warning.js'

/** A policy that limits nothing while its store is away: then whoever brings down the store has no limits. */
export function unlimitedOnFailure(policy: Policy): readonly Warning[] {
  if (policy.gateway.store === 'memory') return []
  const limiting = rulesOf(policy).filter(({ quotas, mode }) => quotas.length > 0 && mode === 'enforce')
  if (limiting.length === 0 || limiting.some(({ onStoreFailure }) => onStoreFailure !== 'allow')) return []
  return [
    warnAt(
      ['onStoreFailure'],
      'while the store is away no rule limits anything: write `local` where it matters, which counts in this process',
    ),
  ]
}
