import type { Awaitable } from '../core/units.js'
import type { IdentityError } from '../identity/identity.js'
import type { Deny, Malformed, Undecided } from '../verdict.js'

/** What may replace the body of a refusal, where request and response are two. Status and fields are set by then. */
export interface RefusalHooks<Request, Response> {
  /** For every refusal but that of an identity. */
  readonly onDenied?: (
    verdict: Deny | Undecided | Malformed,
    request: Request,
    response: Response,
  ) => Awaitable<unknown>
  /** For a request that is answered with 401: a source refused it, or nobody knows who asks. */
  readonly onIdentityError?: (error: IdentityError, request: Request, response: Response) => Awaitable<unknown>
}
