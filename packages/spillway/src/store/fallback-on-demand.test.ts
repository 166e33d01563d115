import { describe, expect, it } from 'vitest'
import type { Charge } from '../core/charge.js'
import { StoreError } from '../core/decision.js'
import { quota } from '../core/quota-parser.js'
import { compileZone } from '../core/zone.js'
import { createLimiter } from '../limiter.js'
import { fallbackOnDemand } from './fallback-on-demand.js'
import { localFallback } from './local-fallback.js'
import { memoryStore } from './memory/memory.js'
import type { Store } from './store.js'

const { zone, bound } = compileZone('towns', [[quota('2/minute')]])
const charge: Charge = {
  zone,
  partition: 'alice',
  quotas: bound[0] ?? [],
  cost: 1,
  block: undefined,
  onStoreFailure: 'local',
}

/** A store that counts until it is told to fail, and what makes it do so. */
function breakable(): { readonly store: Store; readonly breakDown: () => void } {
  const store: { -readonly [Method in keyof Store]: Store[Method] } = { ...memoryStore() }
  const breakDown = () => {
    store.decide = () => Promise.reject(new StoreError('ERR_SPILLWAY_TEST', 'down'))
  }
  return { store, breakDown }
}

describe('fallbackOnDemand', () => {
  it('leaves a store as it is that never fails', () => {
    const memory = memoryStore()
    const wrapped = localFallback(breakable().store)
    expect(fallbackOnDemand(memory)).toBe(memory)
    expect(fallbackOnDemand(wrapped)).toBe(wrapped)
  })

  it('counts in this process once any other store fails, from what remained', async () => {
    const { store, breakDown } = breakable()
    const wrapped = fallbackOnDemand(store)
    expect(await wrapped.decide([charge])).toMatchObject([{ kind: 'allowed', remaining: 1 }])
    breakDown()
    expect(await wrapped.decide([charge])).toMatchObject([{ kind: 'allowed', remaining: 0 }])
    expect(await wrapped.decide([charge])).toMatchObject([{ kind: 'denied' }])
  })

  it('is one for all that share a store', async () => {
    const { store, breakDown } = breakable()
    breakDown()
    expect(await fallbackOnDemand(store).decide([charge])).toMatchObject([{ remaining: 1 }])
    expect(await fallbackOnDemand(store).decide([charge])).toMatchObject([{ remaining: 0 }])
    const limiter = createLimiter({ quotas: '2/minute', name: 'towns', store })
    expect(await limiter.charge('alice')).toMatchObject({ kind: 'denied' })
  })

  it('reaches every method of the store', async () => {
    const wrapped = fallbackOnDemand(breakable().store)
    const decisions = await wrapped.decide([charge])
    await wrapped.refund([{ zone, partition: 'alice', cost: 1, ...(decisions[0] && { decision: decisions[0] }) }])
    expect(await wrapped.peek([charge])).toMatchObject([{ kind: 'allowed', remaining: 2 }])
    await wrapped.block(zone, 'alice', 1_000_000)
    expect(await wrapped.peek([charge])).toMatchObject([{ kind: 'blocked' }])
    await wrapped.unblock(zone, 'alice')
    await wrapped.decide([charge])
    await wrapped.reset(zone, 'alice')
    expect(await wrapped.peek([charge])).toMatchObject([{ kind: 'allowed', remaining: 2 }])
  })
})
