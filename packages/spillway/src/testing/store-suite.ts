import { DAY, HOUR } from '../core/units.js'
import { fakeClock } from './fake-clock.js'
import { plainStore } from './plain-store.js'
import type { ProgramOptions } from './program.js'
import { runProgram } from './program.js'
import { seededRandom } from './random.js'
import { describe, expect, it } from './runner.js'
import { BLOCKS } from './store-blocks.js'
import { APART, BACK, TOGETHER } from './store-promises.js'
import type { MakeStore, Promised } from './store-scene.js'
import { ALICE, expectDecision, sceneWith } from './store-scene.js'

/** How thorough a suite is. */
export interface StoreSuiteOptions {
  /** Random programs that the store and the plain one must answer alike. Default 200. */
  readonly programs?: number
}

/**
 * Proves that a store keeps what the `Store` contract promises, and that it answers random programs as the plain store
 * does, microsecond for microsecond. Needs vitest.
 */
export function storeSuite(name: string, makeStore: MakeStore, { programs = 200 }: StoreSuiteOptions = {}): void {
  const parts = { 'charges of one request': TOGETHER, 'partitions and zones': APART, 'giving back': BACK, BLOCKS, TIME }
  for (const [title, promises] of Object.entries(parts)) {
    describe(`${name}: ${title.toLowerCase()}`, () => {
      for (const { sentence, example } of promises) it(sentence, async () => example(await sceneWith(makeStore)))
    })
  }
  describe(`${name}: beside the plain store`, () => {
    const partitions = ['user:alice', 'user:bob', 'ip:192.0.2.1']
    it(`answers ${programs} random programs alike`, () =>
      compare(makeStore, programs, { steps: 60, partitions, zones: ['a', 'b'], stepsBack: false }))
    it(`answers ${programs} random programs on one partition alike, while the clock steps back and forth`, () =>
      compare(makeStore, programs, { steps: 60, partitions: [ALICE], zones: ['a'], stepsBack: true }))
  })
}

const TIME: readonly Promised[] = [
  {
    sentence: 'keeps counts for a window of a year, and no longer',
    async example({ rule, charge, clock }) {
      const yearly = rule('1/366 days')
      await charge(yearly)
      clock.advance(366 * DAY - 1)
      expectDecision(await charge(yearly), 'denied', { retryAfter: 1 })
      clock.advance(1)
      expectDecision(await charge(yearly), 'allowed')
    },
  },
  {
    sentence: 'lets nobody wait longer than the window, and nobody gain, when the clock steps back',
    async example({ rule, charge, clock }) {
      const hourly = rule('1/hour')
      await charge(hourly)
      clock.advance(-2 * HOUR)
      expectDecision(await charge(hourly), 'denied', { retryAfter: HOUR })
      clock.advance(HOUR - 1)
      expectDecision(await charge(hourly), 'denied', { retryAfter: 1 })
      clock.advance(1)
      expectDecision(await charge(hourly), 'allowed')
    },
  },
]

async function compare(makeStore: MakeStore, programs: number, options: ProgramOptions): Promise<void> {
  for (let seed = 1; seed <= programs; seed++) {
    const [clock, plainClock] = [fakeClock(), fakeClock()]
    const answers = await runProgram(await makeStore(clock), clock, seededRandom(seed), options)
    const plain = await runProgram(plainStore(plainClock), plainClock, seededRandom(seed), options)
    if (JSON.stringify(answers) !== JSON.stringify(plain)) expect(answers, `program ${seed}`).toEqual(plain)
  }
}
