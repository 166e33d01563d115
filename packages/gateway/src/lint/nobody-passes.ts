import type { Policy } from 'spillway'
import type { Warning } from './warning.js'
import { warnAt } from './warning.js'

/** A gateway that wants to know who asks, and has no way to. A library's policy may have its sources in code. */
export function nobodyPasses({ anonymous, identity, gateway: { upstream } }: Policy): readonly Warning[] {
  if (anonymous !== 'deny' || identity.length > 0 || upstream === undefined) return []
  return [
    warnAt(['anonymous'], 'without a source under `identity` nobody is known, and every request is answered with 401'),
  ]
}
