import { describe, expect, it } from 'vitest'
import { makeQuota } from '../../src/core/make-quota.js'
import { MINUTE, SECOND } from '../../src/core/units.js'
import type { StoreCall } from '../../src/store/calls.js'
import { fakeClock } from '../../src/testing/fake-clock.js'
import { plainCalls } from '../../src/testing/plain-calls.js'
import { plainStore } from '../../src/testing/plain-store.js'
import { chargeOf, ruleOf } from '../../src/testing/program.js'
import { seededRandom } from '../../src/testing/random.js'
import { runCalls } from './random-calls.js'
import { scriptServer } from './script-server.js'

const PROGRAMS = 400
const BATCHES = 40

const server = scriptServer()

describe('the script beside the plain store', () => {
  it.each([
    ['of all kinds', 'mixed'],
    ['of runs', 'runs'],
  ] as const)(
    `answers ${PROGRAMS} programs %s alike, while policies change, clocks step back and leases are held`,
    async (_, kind) => {
      for (let seed = 1; seed <= PROGRAMS; seed++) {
        const [clock, plainClock] = [fakeClock(), fakeClock()]
        const answers = await runCalls(server().calls(clock), clock, seededRandom(seed), BATCHES, kind)
        const plain = await runCalls(plainCalls(plainStore(plainClock)), plainClock, seededRandom(seed), BATCHES, kind)
        if (JSON.stringify(answers) !== JSON.stringify(plain)) expect(answers, `program ${seed}`).toEqual(plain)
      }
    },
  )

  it.each(['sliding-window', 'fixed-window', 'token-bucket'] as const)(
    'answers batches of charges under a %s on more partitions than are read at once alike',
    async (algorithm) => {
      const rule = ruleOf('many', [makeQuota({ limit: 5, window: MINUTE, algorithm })])
      const [clock, plainClock] = [fakeClock(), fakeClock()]
      const [calls, plain] = [server().calls(clock), plainCalls(plainStore(plainClock))]
      const random = seededRandom(1)
      for (let batch = 0; batch < 8; batch++) {
        const asked = Array.from({ length: 3_000 }, (): StoreCall => {
          const cost = random.oneIn(10) ? random.int(2, 6) : 1
          return { kind: 'decide', charges: [chargeOf(rule, `${random.int(1, 1_500)}`, cost)] }
        })
        expect(await calls.answer(asked)).toEqual(await plain.answer(asked))
        for (const each of [clock, plainClock]) each.advance(10 * SECOND)
      }
    },
  )

  it('leaves no key without a time to live', async () => {
    const keys = (await server().server.cli('KEYS', '*')).split('\n')
    expect(keys.length).toBeGreaterThan(PROGRAMS)
    for (const key of keys.slice(0, 100)) expect(Number(await server().server.cli('PTTL', key)), key).not.toBe(-1)
  })
})
