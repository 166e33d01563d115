import { HOUR, MINUTE, SECOND } from '../core/units.js'
import { everywhereZone } from '../core/zone.js'
import { expect } from './runner.js'
import type { Promised } from './store-scene.js'
import { ALICE, expectDecision } from './store-scene.js'

const here = { for: MINUTE, everywhere: false }

/** Blocks. */
export const BLOCKS: readonly Promised[] = [
  {
    sentence: 'starts a block with the denial, which waits for the longer of the two',
    async example({ rule, charge }) {
      const [short, long] = [rule('1/hour', { block: here }), rule('1/second', { block: here })]
      for (const each of [short, long]) await charge(each)
      expectDecision(await charge(short), 'denied', { retryAfter: HOUR })
      expectDecision(await charge(long), 'denied', { retryAfter: MINUTE })
    },
  },
  {
    sentence: 'refuses all during a block, does not extend it, and admits again exactly at its end',
    async example({ rule, charge, clock }) {
      const blocking = rule('1/second', { block: here })
      await charge(blocking)
      await charge(blocking)
      clock.advance('40s')
      const decision = await charge(blocking)
      expectDecision(decision, 'blocked', { remaining: 0, retryAfter: 20 * SECOND, resetAfter: 20 * SECOND })
      clock.advance(20 * SECOND - 1)
      expectDecision(await charge(blocking), 'blocked', { retryAfter: 1 })
      clock.advance(1)
      expectDecision(await charge(blocking), 'allowed')
    },
  },
  {
    sentence: 'starts no block for an impossible cost, and says impossible during one',
    async example({ store, rule, charge }) {
      const blocking = rule('2/second', { block: here })
      expectDecision(await charge(blocking, ALICE, 3), 'impossible', { largestCost: 2 })
      expectDecision(await charge(blocking), 'allowed')
      await store.block(blocking.zone, ALICE, MINUTE)
      expectDecision(await charge(blocking, ALICE, 3), 'impossible')
    },
  },
  {
    sentence: 'starts no block on a charge that another one of the request made void',
    async example({ rule, charge, chargeAll, remaining }) {
      const [blocking, narrow] = [rule('5/second', { block: here }), rule('1/second')]
      await charge(narrow)
      await chargeAll(blocking, narrow)
      expect(await remaining(blocking)).toBe(5)
    },
  },
  {
    sentence: 'blocks for a while, keeps the longer block, and ends it on demand; counts stay',
    async example({ store, rule, charge, remaining }) {
      const five = rule('5/minute')
      await charge(five)
      await store.block(five.zone, ALICE, 2 * MINUTE)
      await store.block(five.zone, ALICE, SECOND)
      expectDecision(await charge(five), 'blocked', { retryAfter: 2 * MINUTE })
      expectDecision(await charge(five, 'user:bob'), 'allowed')
      await store.unblock(five.zone, ALICE)
      expect(await remaining(five)).toBe(4)
    },
  },
  {
    sentence: 'blocks everywhere: on every zone of the policy, that partition and no other',
    async example({ store, rule, charge }) {
      const everywhere = everywhereZone()
      const strict = rule('1/minute', { block: { for: MINUTE, everywhere: true } })
      const [one, two] = [strict, rule('9/minute')].map((each) => ({ ...each, zone: { ...each.zone, everywhere } }))
      if (!one || !two) throw new Error('two rules')
      await charge(one)
      expectDecision(await charge(one), 'denied', { retryAfter: MINUTE })
      expectDecision(await charge(two), 'blocked', { retryAfter: MINUTE })
      expectDecision(await charge({ ...two, quotas: [] }), 'blocked')
      expectDecision(await charge(two, 'user:bob'), 'allowed')
      await store.unblock(two.zone, ALICE)
      expectDecision(await charge(two), 'allowed')
    },
  },
]
