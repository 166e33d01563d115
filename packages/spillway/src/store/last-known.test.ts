import { expect, it } from 'vitest'
import { StoreError } from '../core/decision.js'
import { quotas } from '../core/quota-parser.js'
import { MINUTE, SECOND } from '../core/units.js'
import { fakeClock } from '../testing/fake-clock.js'
import { plainCalls } from '../testing/plain-calls.js'
import { plainStore } from '../testing/plain-store.js'
import { chargeOf, ruleOf } from '../testing/program.js'
import { coalesce } from './coalesce.js'
import { localFallback } from './local-fallback.js'
import { acrossSlots } from './redis/across-slots.js'
import { watchedStore } from './watched-store.fixture.js'

it('a denied peek, which starts no block, leaves none to be known when the store fails', async () => {
  const clock = fakeClock()
  const inner = watchedStore(plainStore(clock))
  const store = localFallback(inner, { clock })
  const charge = chargeOf(ruleOf('towns', quotas('1/minute'), { for: 9 * MINUTE, everywhere: false }), 'user:alice')
  await store.decide([charge])
  expect(await store.peek([charge])).toMatchObject([{ kind: 'denied', retryAfter: MINUTE }])

  inner.fail(new StoreError('ERR_SPILLWAY_TEST', 'down'))
  expect(await store.peek([charge])).toMatchObject([{ kind: 'denied', retryAfter: MINUTE }])
  clock.advance(MINUTE)
  expect(await store.decide([charge])).toMatchObject([{ kind: 'allowed' }])
})

it('nor does a denial in a hash slot that was only peeked at, as another slot had refused', async () => {
  const clock = fakeClock()
  const slotOf = (partition: string) => (partition === 'everyone' ? 1 : 0)
  const inner = watchedStore(acrossSlots(coalesce(plainCalls(plainStore(clock))), slotOf, SECOND))
  const store = localFallback(inner, { clock })
  const own = chargeOf(ruleOf('own', quotas('1/minute')), 'user:alice')
  const whole = chargeOf(ruleOf('whole', quotas('1/minute'), { for: 9 * MINUTE, everywhere: false }), 'everyone')
  await store.decide([own, whole])
  expect(await store.decide([own, whole])).toMatchObject([{ kind: 'denied' }, { kind: 'denied', retryAfter: MINUTE }])

  inner.fail(new StoreError('ERR_SPILLWAY_TEST', 'down'))
  expect(await store.peek([whole])).toMatchObject([{ kind: 'denied', retryAfter: MINUTE }])
})
