import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../testing/fake-clock.js'
import { plainStore } from '../../testing/plain-store.js'
import { runProgram } from '../../testing/program.js'
import { seededRandom } from '../../testing/random.js'
import { memoryStore } from './memory.js'

describe('memoryStore beside the plain store', () => {
  const partitions = ['user:alice', 'user:bob', 'ip:192.0.2.1']

  it('answers two thousand random programs alike, microsecond for microsecond', async () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const options = { steps: 60, partitions, stepsBack: false }
      const [mine, plain] = [fakeClock(), fakeClock()]
      const answers = await runProgram(memoryStore({ clock: mine }), mine, seededRandom(seed), options)
      expect(answers, `seed ${seed}`).toEqual(await runProgram(plainStore(plain), plain, seededRandom(seed), options))
    }
  })
})
