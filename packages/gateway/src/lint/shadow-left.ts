import type { Policy } from 'spillway'
import { rulesOf } from '../policy-file/rules.js'
import type { Warning } from './warning.js'
import { warnOf } from './warning.js'

/** A rule that is still on trial. */
export function shadowLeft(policy: Policy): readonly Warning[] {
  return rulesOf(policy)
    .filter(({ mode }) => mode === 'shadow')
    .map((rule) =>
      warnOf(rule, 'mode', `${rule.name} only watches and refuses nobody: \`mode: enforce\` puts it in force`),
    )
}
