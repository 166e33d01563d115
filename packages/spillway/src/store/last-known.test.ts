import { expect, it } from 'vitest'
import { StoreError } from '../core/decision.js'
import { quotas } from '../core/quota-parser.js'
import { MINUTE } from '../core/units.js'
import { fakeClock } from '../testing/fake-clock.js'
import { plainStore } from '../testing/plain-store.js'
import { chargeOf, ruleOf } from '../testing/program.js'
import { localFallback } from './local-fallback.js'
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
