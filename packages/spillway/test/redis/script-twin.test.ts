import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../src/testing/fake-clock.js'
import { plainCalls } from '../../src/testing/plain-calls.js'
import { plainStore } from '../../src/testing/plain-store.js'
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

  it('leaves no key without a time to live', async () => {
    const keys = (await server().server.cli('KEYS', '*')).split('\n')
    expect(keys.length).toBeGreaterThan(PROGRAMS)
    for (const key of keys.slice(0, 100)) expect(Number(await server().server.cli('PTTL', key)), key).not.toBe(-1)
  })
})
