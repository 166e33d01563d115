import { isPromise } from '../core/awaitable.js'
import type { Awaitable } from '../core/units.js'
import type { Identity, IdentitySource, RequestDescription } from '../identity/identity.js'
import { IdentityError } from '../identity/identity.js'

/** Who asks, or why nobody may be told to be asking. */
export type Found = Identity | IdentityError

/**
 * Asks the sources in order, from the one numbered `from`; the first that finds someone wins. Gives a promise only where
 * a source does. An `IdentityError` of a source is a value here; anything else that one throws is thrown on.
 */
export function identify(
  sources: readonly IdentitySource[],
  request: RequestDescription,
  from = 0,
): Awaitable<Found | undefined> {
  try {
    for (let i = from; i < sources.length; i++) {
      const found = sources[i]?.(request)
      if (found === undefined) continue
      return isPromise(found) ? identifyLater(found, sources, request, i + 1) : found
    }
    return undefined
  } catch (error) {
    return identityError(error)
  }
}

async function identifyLater(
  coming: Promise<Identity | undefined>,
  sources: readonly IdentitySource[],
  request: RequestDescription,
  next: number,
): Promise<Found | undefined> {
  try {
    return (await coming) ?? identify(sources, request, next)
  } catch (error) {
    return identityError(error)
  }
}

function identityError(error: unknown): IdentityError {
  if (error instanceof IdentityError) return error
  throw error
}
