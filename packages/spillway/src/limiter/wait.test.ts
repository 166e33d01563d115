import { describe, expect, it } from 'vitest'
import type { Decision } from '../core/decision.js'
import { StoreError } from '../core/decision.js'
import { SECOND } from '../core/units.js'
import type { LimiterOptions } from '../limiter.js'
import { createLimiter } from '../limiter.js'
import { memoryStore } from '../store/memory/memory.js'
import type { Store } from '../store/store.js'
import { fakeClock } from '../testing/fake-clock.js'
import { seededRandom } from '../testing/random.js'

type Given = Omit<LimiterOptions, 'store' | 'clock'>

/** A limiter, and a note of when each of its waiters was served or turned away, in seconds from the start. */
function made(given: Given, storeOf: (memory: Store) => Store = (memory) => memory) {
  const clock = fakeClock()
  const start = clock.now()
  const limiter = createLimiter({ ...given, store: storeOf(memoryStore({ clock })), clock })
  const seen: string[] = []
  const at = () => (clock.now() - start) / SECOND
  return {
    clock,
    limiter,
    seen,
    wait(name: string, options: Parameters<typeof limiter.wait>[1] = {}, partition = 'api') {
      return limiter.wait(partition, options).then(
        () => void seen.push(`${name} ${at()}`),
        (error: Error & { code?: string }) => void seen.push(`${name} ${error.code ?? error.name} ${at()}`),
      )
    },
    /** Goes on second by second, so that what an alarm set off is settled at its own time. */
    async pass(seconds: number) {
      await settled()
      for (let i = 0; i < seconds; i++) {
        clock.advance('1s')
        await settled()
      }
    },
  }
}

/** Whatever is due in promises has happened. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

/** The store behind a promise, as one over a network is. */
const later = (memory: Store): Store => ({
  ...memory,
  decide: async (charges) => memory.decide(charges),
  refund: async (refunds) => memory.refund(refunds),
})

describe.each([
  ['a store that answers at once', (memory: Store) => memory],
  ['a store that answers later', later],
])('waiting on %s', (_, storeOf) => {
  it('charges at once what fits', async () => {
    const { limiter } = made({ quotas: '2/minute' }, storeOf)
    expect(await limiter.wait('api', { cost: 2 })).toMatchObject({ kind: 'allowed', taken: 2, remaining: 0 })
    expect(await limiter.charge('api')).toMatchObject({ kind: 'denied' })
  })

  it('serves who came first first, each as soon as it fits', async () => {
    const { wait, pass, seen } = made({ quotas: '1/second' }, storeOf)
    for (const name of ['a', 'b', 'c', 'd']) wait(name)
    await pass(5)
    expect(seen).toEqual(['a 0', 'b 1', 'c 2', 'd 3'])
  })

  it('does not let the small overtake the large', async () => {
    const { wait, pass, seen } = made({ quotas: '3/10s' }, storeOf)
    wait('first')
    await pass(2)
    wait('large', { cost: 3 })
    wait('small')
    await pass(20)
    expect(seen).toEqual(['first 0', 'large 10', 'small 20'])
  })

  it('lets no partition wait for another', async () => {
    const { wait, pass, seen } = made({ quotas: '1/10s' }, storeOf)
    wait('a', {}, 'one')
    wait('b', {}, 'one')
    wait('c', {}, 'other')
    await pass(10)
    expect(seen).toEqual(['a 0', 'c 0', 'b 10'])
  })

  it('turns away at once who cannot be served within maxWait', async () => {
    const { wait, pass, seen } = made({ quotas: '1/10s' }, storeOf)
    wait('a')
    wait('b', { maxWait: '10s' })
    await pass(0)
    wait('c', { maxWait: '19999ms' })
    wait('d', { maxWait: '20s' })
    wait('now or never', { maxWait: 0 })
    await pass(20)
    expect(seen).toEqual([
      'a 0',
      'c ERR_SPILLWAY_WAIT_TOO_LONG 0',
      'now or never ERR_SPILLWAY_WAIT_TOO_LONG 0',
      'b 10',
      'd 20',
    ])
  })

  it('turns away whoever waits behind one that is put off further, as soon as that is so', async () => {
    const { limiter, wait, pass, seen } = made({ quotas: '1/10s' }, storeOf)
    await limiter.charge('api')
    wait('patient')
    wait('hasty', { maxWait: '25s' })
    await pass(9)
    await limiter.block('api', '60s')
    await pass(1)
    expect(seen).toEqual(['hasty ERR_SPILLWAY_WAIT_TOO_LONG 10'])
    await pass(60)
    expect(seen[1]).toBe('patient 69')
  })

  it('lets the next one try when the head gives up', async () => {
    const { wait, pass, seen } = made({ quotas: '3/10s' }, storeOf)
    const signal = new AbortController()
    wait('first')
    await pass(0)
    wait('large', { cost: 3, signal: signal.signal })
    wait('small')
    await pass(5)
    signal.abort(new Error('changed my mind'))
    await pass(0)
    expect(seen).toEqual(['first 0', 'large Error 5', 'small 5'])
  })

  it('rejects at once for a cost that will never pass, and goes on with the others', async () => {
    const { wait, pass, seen } = made({ quotas: '2/10s' }, storeOf)
    wait('huge', { cost: 3 })
    wait('a')
    await pass(0)
    expect(seen.sort()).toEqual(['a 0', 'huge ERR_SPILLWAY_WAIT_IMPOSSIBLE 0'])
  })

  it('tells a cost that will never pass so at once also behind others, and lets nobody wait for it', async () => {
    const { wait, pass, seen } = made({ quotas: '2/minute' }, storeOf)
    wait('first', { cost: 2 })
    wait('second')
    wait('huge', { cost: 100, maxWait: '5m' })
    wait('third', { maxWait: '1m' })
    await pass(0)
    expect(seen).toEqual(['first 0', 'huge ERR_SPILLWAY_WAIT_IMPOSSIBLE 0'])
    await pass(60)
    expect(seen.slice(2)).toEqual(['second 60', 'third 60'])
  })

  it('starts no block, and waits for one that is there to end', async () => {
    const { limiter, wait, pass, seen } = made({ quotas: '1/2s', block: '15m' }, storeOf)
    wait('a')
    wait('b')
    await pass(3)
    expect(seen).toEqual(['a 0', 'b 2'])
    await limiter.block('api', '10s')
    wait('c')
    await pass(10)
    expect(seen[2]).toBe('c 13')
  })

  it('never admits more than the quota, whoever waits, leaves, or charges beside the queue', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const random = seededRandom(seed)
      const { clock, limiter } = made({ quotas: '5/10s' }, storeOf)
      const admitted: { at: number; taken: number }[] = []
      const note = (decision: Decision): void => {
        if (decision.kind === 'allowed') admitted.push(decision)
      }
      let left = 0
      for (let i = 0; i < 100; i++) {
        const leaving = new AbortController()
        limiter.wait('api', { cost: random.int(1, 5), signal: leaving.signal }).then(note, () => left++)
        if (random.oneIn(3)) leaving.abort()
        if (random.oneIn(4)) note(await limiter.charge('api'))
        clock.advance(random.int(0, 5 * SECOND))
        await settled()
      }
      expect(left).toBeGreaterThan(0)
      expect(admitted.length).toBeGreaterThan(5)
      expect(Math.max(...admitted.map(({ at }) => takenUntil(at, admitted)))).toBeLessThanOrEqual(5)
    }
  })
})

/** What was taken in the window that ends with a moment. */
function takenUntil(moment: number, admitted: readonly { at: number; taken: number }[]): number {
  const inWindow = admitted.filter(({ at }) => at > moment - 10 * SECOND && at <= moment)
  return inWindow.reduce((sum, { taken }) => sum + taken, 0)
}

describe('who leaves', () => {
  it('takes nothing where the signal has been aborted before', async () => {
    const { limiter } = made({ quotas: '1/minute' })
    const reason = new Error('too late')
    await expect(limiter.wait('api', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(limiter.peek('api')).toMatchObject({ remaining: 1 })
  })

  it('while its charge is on its way gets the units back to the partition', async () => {
    const { limiter } = made({ quotas: '1/minute' }, later)
    const leaving = new AbortController()
    const waiting = limiter.wait('api', { signal: leaving.signal })
    leaving.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    await settled()
    expect(await limiter.peek('api')).toMatchObject({ remaining: 1 })
  })

  it('no longer listens to the signal once it was served', async () => {
    const { limiter } = made({ quotas: '1/minute' })
    const { signal } = new AbortController()
    let listeners = 0
    const watched = Object.assign(Object.create(signal) as AbortSignal, {
      throwIfAborted: () => undefined,
      addEventListener: () => listeners++,
      removeEventListener: () => listeners--,
    })
    await limiter.wait('api', { signal: watched })
    expect(listeners).toBe(0)
  })
})

describe('the errors of a wait', () => {
  it('say how long it would have been, and carry the refusal', async () => {
    const { limiter } = made({ quotas: '1/minute' })
    limiter.charge('api')
    await expect(limiter.wait('api', { maxWait: '5s' })).rejects.toMatchObject({
      name: 'WaitError',
      message: 'the turn would come in 1 minute at the earliest, later than maxWait allows',
      decision: { kind: 'denied', retryAfter: 60 * SECOND },
    })
    await expect(limiter.wait('api', { cost: 2 })).rejects.toThrow('a cost of 2 never passes: 1 is the most')
  })

  it.each([
    [-1, /maxWait must be whole microseconds/],
    [0.5, /maxWait must be whole microseconds/],
    [Number.NaN, /maxWait must be whole microseconds/],
    ['soon', /expected the number of units of time/],
  ])('refuse a maxWait of %j', async (maxWait, message) => {
    const { limiter } = made({ quotas: '1/minute' })
    await expect(limiter.wait('api', { maxWait })).rejects.toThrow(message)
    expect(limiter.peek('api')).toMatchObject({ remaining: 1 })
  })

  it.each([
    [{ maxWiat: '1s' }, 'wait: there is no option "maxWiat", only cost, signal, maxWait'],
    [{ signl: AbortSignal.abort() }, 'wait: there is no option "signl", only cost, signal, maxWait'],
    [null, 'wait: expected an object of options'],
  ])('refuse the options %j, under which a wait would go on as long as it takes', async (options, message) => {
    const { limiter } = made({ quotas: '1/minute' })
    await expect(limiter.wait('api', options as never)).rejects.toThrow(new TypeError(message))
    expect(limiter.peek('api')).toMatchObject({ remaining: 1 })
  })

  it('refuse a cost and a partition as charge does', async () => {
    const { limiter } = made({ quotas: '1/minute' })
    await expect(limiter.wait('api', { cost: 0 })).rejects.toThrow(RangeError)
    await expect(limiter.wait(7 as unknown as string)).rejects.toThrow(TypeError)
  })
})

describe('a store that fails', () => {
  const cause = new StoreError('ERR_SPILLWAY_TEST', 'down')
  const fail = () => Promise.reject(cause)
  const down = (): Store => ({ decide: fail, peek: fail, refund: fail, block: fail, unblock: fail, reset: fail })

  it('is stood in for by the count of this process', async () => {
    const { wait, pass, seen } = made({ quotas: '1/minute' }, down)
    wait('a')
    await pass(0)
    wait('b', { maxWait: '10s' })
    await pass(0)
    expect(seen).toEqual(['a 0', 'b ERR_SPILLWAY_WAIT_TOO_LONG 0'])
  })

  it('lets everybody pass uncounted under allow', async () => {
    const { limiter } = made({ quotas: '1/minute', onStoreFailure: 'allow' }, down)
    const decisions = await Promise.all([limiter.wait('api'), limiter.wait('api')])
    expect(decisions).toEqual([
      { kind: 'unknown', cause },
      { kind: 'unknown', cause },
    ])
  })

  it('rejects everybody with its error under deny', async () => {
    const { limiter } = made({ quotas: '1/minute', onStoreFailure: 'deny' }, down)
    const ends = await Promise.allSettled([limiter.wait('api'), limiter.wait('api')])
    expect(ends).toEqual([
      { status: 'rejected', reason: cause },
      { status: 'rejected', reason: cause },
    ])
  })
})
