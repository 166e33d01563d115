import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DeniedContent, Guard, Policy, Store } from 'spillway'
import type { ExplainedGuard } from 'spillway/explain'
import { explainedGuard } from 'spillway/explain'
import type { IdentifyingHeaders } from './identifying-headers.js'
import { identifyingHeaders } from './identifying-headers.js'
import { trustedPeers } from './trusted-peers.js'

/** A policy with all that is made of it. One request goes by one of these, from its beginning to its end. */
export interface PolicyInForce {
  readonly policy: Policy
  /** When it was put in force: milliseconds since the epoch. */
  readonly since: number
  readonly guard: Guard
  readonly explain: ExplainedGuard['explain']
  readonly identifying: IdentifyingHeaders
  /** Whether a peer's forwarding headers are believed. */
  readonly trusts: (address: string) => boolean
  /** Milliseconds until the upstream must have begun its answer. */
  readonly timeout: number
}

/** The longest that a timer of Node runs, 24 days: longer ones end at once. Milliseconds. */
const LONGEST_TIMER = 2_147_483_647

/**
 * Makes what a policy needs to be enforced on a store. Paths of files are relative to `baseDirectory`. Throws where the
 * file of `denied.body` cannot be read.
 */
export function policyInForce(policy: Policy, store: Store, baseDirectory: string): PolicyInForce {
  const deniedContent = deniedContentOf(policy, baseDirectory)
  return {
    policy,
    since: Date.now(),
    ...explainedGuard(policy, { store, ...(deniedContent && { deniedContent }) }),
    identifying: identifyingHeaders(policy),
    trusts: trustedPeers(policy),
    timeout: Math.min((policy.gateway.upstream?.timeout ?? Number.POSITIVE_INFINITY) / 1000, LONGEST_TIMER),
  }
}

function deniedContentOf({ denied: { body } }: Policy, baseDirectory: string): DeniedContent | undefined {
  if (typeof body === 'string') return undefined
  const file = resolve(baseDirectory, body.file)
  if (statSync(file).isDirectory()) throw new Error(`denied.body.file: ${file} is a folder: name a file in it`)
  return { content: readFileSync(file, 'utf8'), contentType: body.contentType }
}
