import type { Allowed } from '../core/decision.js'
import { makeQuota } from '../core/make-quota.js'
import { DAY, MINUTE, SECOND } from '../core/units.js'
import { compileZone } from '../core/zone.js'
import type { StoreRule } from './program.js'
import { chargeOf } from './program.js'
import { expect } from './runner.js'
import type { Promised } from './store-scene.js'
import { ALICE, expectDecision } from './store-scene.js'

/** Several charges of one request. */
export const TOGETHER: readonly Promised[] = [
  {
    sentence: 'takes all charges of a request, each with its own answer, in order',
    async example({ rule, chargeAll }) {
      const decisions = await chargeAll(rule('5/minute'), rule('9/hour'), rule('3/second'))
      expect(decisions).toMatchObject([{ remaining: 4 }, { remaining: 8 }, { remaining: 2 }])
      expect(decisions).toMatchObject([{ taken: 1 }, { taken: 1 }, { taken: 1 }])
    },
  },
  {
    sentence: 'takes nothing anywhere when one charge is denied, wherever it stands',
    async example({ rule, charge, chargeAll, remaining }) {
      const [wide, narrow, other] = [rule('5/minute'), rule('1/minute'), rule('7/minute')]
      await charge(narrow)
      const decisions = await chargeAll(wide, narrow, other)

      expect(decisions.map(({ kind }) => kind)).toEqual(['allowed', 'denied', 'allowed'])
      expect(decisions[0]).toMatchObject({ taken: 0, remaining: 5 })
      expect([await remaining(wide), await remaining(narrow), await remaining(other)]).toEqual([5, 0, 7])
    },
  },
  {
    sentence: 'counts two charges on one record one after the other',
    async example({ rule, chargeAll, remaining }) {
      const shared = rule('3/minute')
      expect(await chargeAll(shared, shared)).toMatchObject([{ remaining: 2 }, { remaining: 1 }])
      expect((await chargeAll(shared, shared)).map(({ kind }) => kind)).toEqual(['allowed', 'denied'])
      expect(await remaining(shared)).toBe(1)
    },
  },
  {
    sentence: 'calls a request impossible whose charges on one record can never pass together',
    async example({ rule, chargeAll }) {
      const shared = rule('1/minute')
      expectDecision((await chargeAll(shared, shared))[1], 'impossible', { largestCost: 1 })
    },
  },
  {
    sentence: 'denies by the quota that must be waited for longest, and lists them all',
    async example({ rule, charge }) {
      const both = rule('1/second; 2/minute')
      await charge(both)
      expectDecision(await charge(both), 'denied', { limit: 1, retryAfter: SECOND })
      expect(await charge(both)).toMatchObject({ quotas: [{ remaining: 0 }, { remaining: 1, retryAfter: 0 }] })
    },
  },
  {
    sentence: 'decides nothing and fails nothing where there is no charge',
    async example({ store }) {
      expect(await store.decide([])).toEqual([])
    },
  },
]

/** Partitions and zones. */
export const APART: readonly Promised[] = [
  {
    sentence: 'counts partitions apart, whatever their names hold',
    async example({ rule, charge }) {
      const one = rule('1/minute')
      const names = [
        '',
        'a',
        'A',
        'a ',
        'a:b',
        'a}{b',
        '{a}',
        '__proto__',
        'constructor',
        'é',
        'e\u0301',
        '\u0000',
        '\n',
      ]
      for (const name of [...names, 'x'.repeat(5000), `${'x'.repeat(5000)}y`, '💧', '\ud83d']) {
        expectDecision(await charge(one, name), 'allowed')
        expectDecision(await charge(one, name), 'denied')
      }
    },
  },
  {
    sentence: 'counts zones apart, and rules of one zone together',
    async example({ rule, charge, remaining }) {
      await charge(rule('5/minute', { zone: 'a' }))
      expect(await remaining(rule('5/minute', { zone: 'b' }))).toBe(5)
      expect(await remaining(rule('5/minute', { zone: 'a' }))).toBe(4)
    },
  },
  {
    sentence: 'checks a charge against its own limit, of what all rules of the zone have counted',
    async example({ rule, charge, remaining }) {
      const [users, admins] = [rule('2/minute', { zone: 'api' }), rule('5/minute', { zone: 'api' })]
      for (const each of [admins, admins, admins]) await charge(each)
      expectDecision(await charge(users), 'denied')
      expect(await remaining(admins)).toBe(2)
    },
  },
  {
    sentence: 'denies by a token bucket however much other rules of its zone take, and give back',
    async example({ store }) {
      const yearly = makeQuota({ limit: 1, window: 365 * DAY, algorithm: 'token-bucket' })
      const { zone, bound } = compileZone('api', [[yearly], [makeQuota({ limit: 1_000_000, window: MINUTE })]])
      const [own, other] = bound.map((quotas) => ({ zone, quotas, block: undefined }))
      for (const cost of [1, 300, 1_000, 100_000]) {
        const charge = chargeOf(other as StoreRule, ALICE, cost)
        const [decision] = await store.decide([charge])
        expectDecision(decision, 'allowed')
        expectDecision((await store.peek([chargeOf(own as StoreRule, ALICE)]))[0], 'denied')
        if (cost > 1) await store.refund([charge])
        expectDecision((await store.peek([chargeOf(own as StoreRule, ALICE)]))[0], 'denied')
      }
    },
  },
  {
    sentence: 'keeps what an unchanged quota counted when another is added to the zone',
    async example({ rule, charge, remaining }) {
      await charge(rule('5/minute', { zone: 'api' }))
      const changed = rule('9/hour; 5/minute', { zone: 'api' })
      await charge(changed)
      expect(await remaining(rule('5/minute', { zone: 'api' }))).toBe(3)
      expect(await remaining(rule('9/hour', { zone: 'api' }))).toBe(8)
    },
  },
]

/** Giving back, forgetting, looking. */
export const BACK: readonly Promised[] = [
  {
    sentence: 'spends nothing on a peek, and starts no block',
    async example({ store, rule, charge, remaining }) {
      const blocking = rule('1/minute', { block: { for: MINUTE, everywhere: false } })
      expect(await remaining(blocking)).toBe(1)
      await charge(blocking)
      await store.peek([chargeOf(blocking, ALICE)])
      expectDecision((await store.peek([chargeOf(blocking, ALICE)]))[0], 'denied')
    },
  },
  {
    sentence: 'gives back what a charge took, and not what it did not take',
    async example({ store, rule, charge, remaining }) {
      const five = rule('5/minute')
      const decision = (await charge(five, ALICE, 3)) as Allowed
      await store.refund([{ ...five, partition: ALICE, cost: 2, decision }])
      expect(await remaining(five)).toBe(4)
      await store.refund([{ ...five, partition: ALICE, cost: 99, decision: { ...decision, taken: 0 } }])
      expect(await remaining(five)).toBe(4)
      await store.refund([{ ...five, partition: ALICE, cost: 99 }])
      expect(await remaining(five)).toBe(5)
    },
  },
  {
    sentence: 'gives nothing back for a denial, nor to a partition that has not asked',
    async example({ store, rule, charge, remaining }) {
      const one = rule('1/minute')
      await store.refund([{ ...one, partition: ALICE, cost: 1 }])
      await charge(one)
      await store.refund([{ ...one, partition: ALICE, cost: 1, decision: await charge(one) }])
      expect(await remaining(one)).toBe(0)
    },
  },
  {
    sentence: 'forgets a partition on reset, with its block, and no other',
    async example({ store, rule, charge, remaining }) {
      const one = rule('1/minute')
      await charge(one)
      await charge(one, 'user:bob')
      await store.block(one.zone, ALICE, MINUTE)
      await store.reset(one.zone, ALICE)
      expect([await remaining(one), await remaining(one, 'user:bob')]).toEqual([1, 0])
    },
  },
  {
    sentence: 'forgets on reset what other quotas of the zone have counted too, that the one who resets may not know',
    async example({ store, rule, charge, remaining }) {
      const [before, now] = [rule('3/day', { zone: 'logins' }), rule('5/minute; 9/hour', { zone: 'logins' })]
      await charge(before)
      await charge(now)
      await store.reset(now.zone, ALICE)
      expect([await remaining(before), await remaining(now)]).toEqual([3, 5])
      await charge(now)
      await store.reset(before.zone, ALICE)
      expect([await remaining(before), await remaining(now)]).toEqual([3, 5])
    },
  },
]
