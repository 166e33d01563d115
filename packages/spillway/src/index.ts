/** The public entry `spillway`: guards and limiters, the policy, the memory store, and the types that join them. */
export type { Block, BoundQuota, Charge, FailurePolicy, Lease, Refund, Zone } from './core/charge.js'
export type { Allowed, Blocked, Decision, Denied, Impossible, QuotaStanding, Unknown } from './core/decision.js'
export { StoreError } from './core/decision.js'
export { formatDuration, parseDuration, QuotaSyntaxError } from './core/duration.js'
export type { QuotaOptions } from './core/make-quota.js'
export { makeQuota } from './core/make-quota.js'
export type { CalendarUnit, CalendarWindow, FixedWindow, Quota, SlidingWindow, TokenBucket } from './core/quota.js'
export { quota, quotas } from './core/quota-parser.js'
export type { AlarmClock, Awaitable, Clock, Micros, Units } from './core/units.js'
export type { RouteLimit, RouteLimitOptions } from './guard/route-limit.js'
export type { QuotaText, RequestFunctions } from './guard/rule-functions.js'
export type { Guard, GuardOptions, InlineGuardOptions } from './guard.js'
export { createGuard } from './guard.js'
export type { Answer } from './http/answer.js'
export { answerOf } from './http/answer.js'
export type { Field } from './http/fields.js'
export type { Identity, IdentitySource, RequestDescription } from './identity/identity.js'
export { IdentityError } from './identity/identity.js'
export type { WaitLimits } from './limiter/wait.js'
export { WaitError } from './limiter/wait-error.js'
export type { CostOption, Limiter, LimiterOptions, QuotaGiven, RefundOptions } from './limiter.js'
export { createLimiter } from './limiter.js'
export type { ParsePolicyOptions } from './policy/parse-policy.js'
export { parsePolicy } from './policy/parse-policy.js'
export type { MalformedPath, NormalisedPath, NormalPath } from './policy/path.js'
export { normalisePath, rawQuery } from './policy/path.js'
export type { PathMatcher, RegexEngine } from './policy/path-matcher.js'
export type {
  ClientIpConfig,
  DeniedConfig,
  GatewayConfig,
  HeaderConfig,
  IdentityConfig,
  JwtConfig,
  Layer,
  PartitionPart,
  Policy,
  RollOut,
  Rule,
  TlsFiles,
} from './policy/policy.js'
export type { PolicyIssue } from './policy/policy-error.js'
export { PolicyError } from './policy/policy-error.js'
export type { ChargeInput, LayerInput, PolicyInput, QuotaInput, RuleInput } from './policy/policy-input.js'
export type { RedisConfig, RedisServers, RedisTls, ServerAddress } from './policy/redis-config.js'
export type { ResponseCharge, StatusClass, StatusMatch } from './policy/response-charge.js'
export { withTrials } from './policy/trials.js'
export { memoryStore } from './store/memory/memory.js'
export type { MemoryStats, MemoryStore, MemoryStoreOptions } from './store/memory/store-of.js'
export type { Store } from './store/store.js'
export type {
  Allow,
  AnswerOptions,
  DeniedContent,
  Deny,
  Malformed,
  RuleDecision,
  Undecided,
  Unidentified,
  Verdict,
} from './verdict.js'
