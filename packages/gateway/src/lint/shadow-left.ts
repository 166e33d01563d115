import type { Policy } from 'spillway'
import type { Warning } from './warning.js'
import { warnEach } from './warning.js'

/** A rule that is still on trial. */
export function shadowLeft(policy: Policy): readonly Warning[] {
  return warnEach(policy, 'mode', ({ mode, name }) =>
    mode === 'shadow' ? `${name} only watches and refuses nobody: \`mode: enforce\` puts it in force` : undefined,
  )
}
