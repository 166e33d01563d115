import type { Awaitable, Units } from '../core/units.js'
import type { RequestDescription } from '../identity/identity.js'

/** Quotas as text: one, or a list. They count in sliding windows; `unlimited` stands alone. */
export type QuotaText = string | readonly string[]

/** What the application says of single requests. What one of these throws, `decide` throws: the request must not pass. */
export interface RequestFunctions {
  /** Whether a request passes without being counted. It is asked first, before anybody knows who asks. */
  readonly exempt?: (request: RequestDescription) => Awaitable<boolean>
  /** By the name of a rule: how many units a request takes, a whole number from 1. */
  readonly costs?: Readonly<Record<string, (request: RequestDescription) => Awaitable<Units>>>
  /** By the name of a rule: the quotas that a request is held to, instead of the rule's own. */
  readonly limits?: Readonly<Record<string, (request: RequestDescription) => Awaitable<QuotaText>>>
}
