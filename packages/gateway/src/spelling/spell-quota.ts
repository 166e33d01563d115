import type { Micros, Quota, Units } from 'spillway'
import { formatDuration } from 'spillway'

/** A quota in short form: `10/minute`, `400/90 seconds`, `1000/month` for a calendar one, `5/second token-bucket burst 20`. */
export function spellQuota(quota: Quota): string {
  if ('every' in quota) return `${quota.limit}/${quota.every}`
  switch (quota.algorithm) {
    case 'sliding-window':
      return perWindow(quota)
    case 'fixed-window':
      return `${perWindow(quota)} fixed-window`
    case 'token-bucket':
      return `${perWindow(quota)} token-bucket burst ${quota.burst}`
  }
}

function perWindow({ limit, window }: { limit: Units; window: Micros }): string {
  return `${limit}/${formatDuration(window).replace(/^1 /, '')}`
}
