import type { Micros } from '../core/units.js'
import { readDraft } from './draft-fields.js'
import { parseHttpDate, parseReset, parseRetryAfter } from './moment.js'
import type { Reading, Told } from './reading.js'

/**
 * Reads what an answer says of its server's limits: the newest of the three generations of
 * draft-ietf-httpapi-ratelimit-headers that it has, else `X-RateLimit-*`. A field that is malformed is ignored whole.
 * Absent for an answer out of a cache (`Age` above 0): what it says no longer holds. Dates are counted from the
 * answer's own `Date`, so that the clocks need not agree; without it from `now`, in microseconds since the epoch.
 */
export function readLimits(headers: Headers, now: Micros): Told | undefined {
  if (Number(headers.get('age')) > 0) return undefined

  const sentAt = parseHttpDate(headers.get('date') ?? '') ?? now
  return {
    readings: readDraft(headers) ?? readCustom(headers, sentAt),
    retryAfter: parseRetryAfter(headers.get('retry-after') ?? '', sentAt),
  }
}

const PREFIXES = ['x-ratelimit-', 'x-rate-limit-']

/** The fields that most servers sent before there was a draft. Of the several quotas of a server they tell of one. */
function readCustom(headers: Headers, sentAt: Micros): readonly Reading[] {
  for (const prefix of PREFIXES) {
    const remaining = wholeNumber(headers.get(`${prefix}remaining`))
    if (remaining === undefined) continue
    const reading: Reading = {
      policy: headers.get(`${prefix}resource`) ?? headers.get(`${prefix}bucket`) ?? 'default',
      remaining,
      resetAfter: parseReset(headers.get(`${prefix}reset-after`) ?? headers.get(`${prefix}reset`) ?? '', sentAt),
      limit: wholeNumber(headers.get(`${prefix}limit`)),
      window: undefined,
      requests: true,
    }
    return [reading]
  }
  return []
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
