/** What must and what must not compile: policies, verdicts, answers and sources. Read by `npm run types`, never run. */
import type {
  AnswerOptions,
  Awaitable,
  Guard,
  IdentitySource,
  Policy,
  PolicyInput,
  RequestDescription,
  Verdict,
} from 'spillway'
import {
  answerOf,
  createGuard,
  IdentityError,
  memoryStore,
  normalisePath,
  PolicyError,
  parsePolicy,
  rawQuery,
} from 'spillway'
import type { AsgiConfig } from 'spillway/compat/asgi-ratelimit'
import { asgiGuard } from 'spillway/compat/asgi-ratelimit'
import type { Explanation } from 'spillway/explain'
import { explain, explainedGuard } from 'spillway/explain'
import { clientIp, header, identitySources, jwt, IdentityError as SourceError, session } from 'spillway/identity'
import { re2 } from 'spillway/regex'

declare const guard: Guard
declare const policy: Policy
declare const request: RequestDescription
declare const verdict: Verdict
declare const answering: AnswerOptions
const store = memoryStore()

export const input: PolicyInput = {
  layers: [
    {
      name: 'client',
      rules: [{ path: '/towns', method: ['GET', 'HEAD'], quotas: ['1/second', { limit: 9, window: '1h' }] }],
    },
    { partition: 'everyone', rules: [{ regex: '/u/\\d+', quotas: 'unlimited', mode: 'shadow', block: { for: '1m' } }] },
  ],
  headers: 'both',
  onStoreFailure: 'deny',
}
export const parsed: Policy = parsePolicy(input, { regex: re2 })
export const issues = (error: PolicyError): string[] => error.issues.map(({ path, message }) => `${path}: ${message}`)
export const sources: IdentitySource[] = [
  clientIp(),
  clientIp({ trustedProxies: ['10.0.0.0/8'], header: 'Forwarded', ipv6Prefix: 56, ipv6Network: 40 }),
  header({ name: 'x-api-key', groups: { 'key-of-mia': 'admin' } }),
  header({ name: 'x-user', verified: true }),
  session({ user: 'user.id', group: 'plan' }),
  jwt({ secret: 'secret', algorithms: ['HS256'], user: 'sub', leeway: '30s' }),
  ...identitySources(policy.identity),
]
export const status = (answer = answerOf(verdict, request, answering)): number =>
  answer.kind === 'refuse' ? answer.status : 200
export const path: string = ((normal = normalisePath('/a', { strict: false })) =>
  normal.kind === 'path' ? normal.matched : normal.reason)()
export const query: string = rawQuery('/a?b')
export const code = (error: IdentityError): string => error.code
export const same: typeof IdentityError = SourceError
export const explained: Promise<Explanation> = explain(policy, request, { store })
export const explaining: Guard = explainedGuard(policy, { store }).guard
export const config: AsgiConfig = { '^/towns': [{ second: 1, group: 'user', block_time: 60 }] }
export const asgi: Guard = asgiGuard(config, { store, identity: [], regex: re2, blocks: 'zone' }).guard

/** Every kind of verdict, and what each has. */
export function told(of: Verdict): string {
  switch (of.kind) {
    case 'allow':
      return of.identity.group
    case 'deny':
      return of.decisive.decision.kind
    case 'undecided':
      return of.onStoreFailure
    case 'unidentified':
      return of.error.code
    case 'malformed':
      return of.reason
  }
}

// @ts-expect-error a rule has quotas, if only `unlimited`
export const noQuotas: PolicyInput = { rules: [{ path: '/a' }] }
// @ts-expect-error no such mode
export const noMode: PolicyInput = { rules: [{ path: '/a', quotas: '1/second', mode: 'dry-run' }] }
// @ts-expect-error no such fields
export const noFields: PolicyInput = { rules: [], headers: 'rfc' }
// @ts-expect-error the engine is named
parsePolicy(input, { engine: re2 })
// @ts-expect-error a policy that is not parsed is none
createGuard(parsePolicy, { store })
// @ts-expect-error an unchecked header says so
header()
// @ts-expect-error it is true or absent
header({ name: 'x-user', verified: 'yes' })
// @ts-expect-error a list of networks
clientIp({ trustedProxies: true })
// @ts-expect-error algorithms are an allow-list
jwt({ secret: 'secret' })
// @ts-expect-error a list, not one of them
jwt({ secret: 'secret', algorithms: 'HS256' })
// @ts-expect-error where the user is, as text
session({ user: 5 })
// @ts-expect-error how paths are compared must be said
normalisePath('/a')
// @ts-expect-error a verdict is answered by the guard's own options
answerOf(verdict, request)
// @ts-expect-error an explanation needs a store to look into
explain(policy, request)
// @ts-expect-error a configuration's expressions need the engine
asgiGuard(config, { store, identity: [] })
// @ts-expect-error windows hold units, as a number
export const text: AsgiConfig = { '^/towns': [{ second: '1' }] }
// @ts-expect-error a request has headers
guard.decide({ method: 'GET', target: '/' })
// @ts-expect-error a verdict is told apart by its kind
export const decisions = verdict.decisions
// @ts-expect-error a verdict may be yet to come
export const now: Verdict = guard.decide(request)
export const later: Awaitable<Verdict> = guard.decide(request)
// @ts-expect-error issues are a list
export const bare = new PolicyError('wrong')
// @ts-expect-error a code says what is wrong
export const unnamed = new IdentityError()
