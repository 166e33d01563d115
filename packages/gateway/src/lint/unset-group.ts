import type { Policy } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import { knownGroups } from './groups.js'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'

/** A group that a rule names and no identity source ever sets. */
export function unsetGroup(policy: Policy): readonly Warning[] {
  const { names, open } = knownGroups(policy)
  if (open) return []
  return rulesOf(policy).flatMap((rule) =>
    [...(rule.groups ?? [])]
      .filter((group) => !names.has(group))
      .map((group) =>
        warnOf(rule, 'group', `no identity source sets the group ${group}: name it under identity, or correct it here`),
      ),
  )
}
