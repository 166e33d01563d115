import { fetchKeySet, TIMEOUT } from './jwks-fetch.js'
import type { Jose, KeyFinder } from './jwt-options.js'

/** Keys older than this are fetched again before they are used, in milliseconds. */
const LONGEST_AGE = 10 * 60_000
/** A token with an unknown key has the keys fetched again, so often at most, in milliseconds. */
const BETWEEN_UNKNOWN_KEYS = 30_000
/** After a failure the URL is tried again, so often at most, in milliseconds. */
const BETWEEN_FAILURES = 5_000

interface Keys {
  readonly find: KeyFinder
  readonly fetchedAt: number
}

/** One attempt to fetch the keys; `done` never rejects. */
interface Attempt {
  readonly startedAt: number
  readonly done: Promise<void>
  running: boolean
}

/**
 * Finds keys in the JSON Web Key Set (RFC 7517) at `url`. One fetch is in flight at a time, and while the URL fails the
 * last keys stay in use. Only a request that finds no keys, old ones, or not its own waits for a fetch; while the URL
 * fails nobody does. Rejects where no key fits, or where there never were any keys.
 */
export function jwksKeys(url: URL, jose: Jose, now: () => Date): KeyFinder {
  const cache = keyCache(url, jose, now)

  return async (header) => {
    await cache.keepFresh()
    const known = cache.keys()
    try {
      return await known.find(header)
    } catch (error) {
      if (!(error instanceof jose.errors.JWKSNoMatchingKey)) throw error
      await cache.lookForNewKeys()
      if (cache.keys() === known) throw error
    }
    return cache.keys().find(header)
  }
}

function keyCache(url: URL, jose: Jose, now: () => Date) {
  let keys: Keys | undefined
  let last: Attempt | undefined
  /** Why the last attempt that ended failed; absent where it did not. */
  let failure: Error | undefined

  const passed = (since: number, span: number) => hasPassed(now().getTime() - since, span)

  const refresh = (): Promise<void> => {
    // Where a platform ends a request, its fetch may stay unsettled for ever: then another must be able to begin.
    if (last?.running && !passed(last.startedAt, 2 * TIMEOUT)) return last.done

    const startedAt = now().getTime()
    const fetched = fetchKeySet(url).then((set) => ({ find: jose.createLocalJWKSet(set), fetchedAt: startedAt }))
    const done = fetched
      .then(
        (newer) => {
          keys = newer
          failure = undefined
        },
        (cause) => {
          failure = new Error(`the keys from ${url.origin} cannot be fetched`, { cause })
        },
      )
      .finally(() => {
        attempt.running = false
      })
    const attempt: Attempt = { startedAt, done, running: true }
    last = attempt
    return done
  }

  return {
    keepFresh: async () => {
      if (keys && !passed(keys.fetchedAt, LONGEST_AGE)) return
      if (failure && last && !passed(last.startedAt, BETWEEN_FAILURES)) return

      const done = refresh()
      if (!failure) await done
    },
    lookForNewKeys: async () => {
      if (last?.running || !last || passed(last.startedAt, BETWEEN_UNKNOWN_KEYS)) await refresh()
    },
    keys: () => {
      if (keys) return keys
      throw failure ?? new Error(`no keys from ${url.origin} yet`)
    },
  }
}

/** A clock that stepped back must not keep old keys in use: time that is negative has passed. */
function hasPassed(elapsed: number, span: number): boolean {
  return elapsed < 0 || elapsed >= span
}
