/** What became of a request. */
export type Outcome = 'allowed' | 'denied' | 'blocked'

/** Requests, and what became of them; those that are neither denied nor blocked passed. */
export interface Counts {
  requests: number
  denied: number
  blocked: number
}

/** Counts of nothing yet. */
export function noCounts(): Counts {
  return { requests: 0, denied: 0, blocked: 0 }
}

/** Counts one request. */
export function add(counts: Counts, outcome: Outcome): void {
  counts.requests++
  if (outcome === 'denied') counts.denied++
  else if (outcome === 'blocked') counts.blocked++
}

/** Adds what was counted elsewhere. */
export function addAll(to: Counts, { requests, denied, blocked }: Counts): void {
  to.requests += requests
  to.denied += denied
  to.blocked += blocked
}

/** What a status says of a request that a policy would have refused: a real user's, or probably abuse. */
export function cameTo(status: number): 'succeeded' | 'suspect' | 'other' {
  if (status === 401 || status === 403 || status === 404) return 'suspect'
  return status > 0 && status < 400 ? 'succeeded' : 'other'
}
