import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Charge } from '../../core/charge.js'
import { StoreError } from '../../core/decision.js'
import { quotas } from '../../core/quota-parser.js'
import { MILLISECOND } from '../../core/units.js'
import { algorithmSuite } from '../../testing/algorithm-suite.js'
import { fakeClock } from '../../testing/fake-clock.js'
import { plainCalls } from '../../testing/plain-calls.js'
import { plainStore } from '../../testing/plain-store.js'
import { chargeOf, ruleOf } from '../../testing/program.js'
import type { StoreCall } from '../calls.js'
import { coalesce } from '../coalesce.js'
import { faultyCalls } from '../faulty-calls.fixture.js'
import { acrossSlots } from './across-slots.js'

const SLOTS = ['everyone', 'user:alice', 'group:free', 'ip:192.0.2.1']

/** A slot for each partition of the tests. */
const slotOf = (partition: string) => Math.max(0, SLOTS.indexOf(partition))

/** One server for each slot, that all keep the same counts; every batch must lie in one slot. */
function cluster() {
  const plain = plainCalls(plainStore(fakeClock()))
  const servers = SLOTS.map(() => faultyCalls(plain))
  const asked: string[] = []
  const store = coalesce(
    {
      answer(calls) {
        const slots = new Set(calls.flatMap(partitionsIn).map(slotOf))
        expect(slots.size).toBe(1)
        for (const call of calls) asked.push(`${call.kind} ${[...new Set(partitionsIn(call))]}`)
        return (servers[[...slots][0] ?? 0] as (typeof servers)[number]).answer(calls)
      },
      beat: plain.beat,
    },
    { slotOf: (call) => slotOf(partitionsIn(call)[0] ?? '') },
  )
  return { servers, asked, store: acrossSlots(store, slotOf, 50 * MILLISECOND) }
}

function partitionsIn(call: StoreCall): string[] {
  if ('charges' in call) return call.charges.map(({ partition }) => partition)
  return 'refunds' in call ? call.refunds.map(({ partition }) => partition) : [call.partition]
}

const rule = (name: string, text: string) => ruleOf(name, quotas(text))
const client = chargeOf(rule('client', '5/minute'), 'user:alice')
const address = chargeOf(rule('address', '5/minute'), 'ip:192.0.2.1')
const group = chargeOf(rule('group', '5/minute'), 'group:free')
const whole = chargeOf(rule('whole', '1/minute'), 'everyone')

const down = new StoreError('ERR_SPILLWAY_STORE_CLUSTERDOWN', 'The cluster is down')
const remaining = async ({ store }: ReturnType<typeof cluster>, charge: Charge) => (await store.peek([charge]))[0]

algorithmSuite('acrossSlots', (clock) => acrossSlots(coalesce(plainCalls(plainStore(clock))), slotOf, 50 * MILLISECOND))

describe('acrossSlots', () => {
  it('puts a request that lies in one slot to the store as it is', async () => {
    const { store, asked } = cluster()
    expect(await store.decide([client, client])).toMatchObject([{ remaining: 4 }, { remaining: 3 }])
    expect(await store.decide([])).toEqual([])
    expect(asked).toEqual(['decide user:alice'])
  })

  it('charges slot after slot, those of the caller first, and answers in the order of the request', async () => {
    const { store, asked } = cluster()
    const decisions = await store.decide([whole, client, group, address, client])
    expect(asked).toEqual(['decide user:alice', 'decide ip:192.0.2.1', 'decide everyone', 'decide group:free'])
    expect(decisions).toMatchObject([
      { limit: 1, remaining: 0, taken: 1 },
      { limit: 5, remaining: 4, taken: 1 },
      { limit: 5, remaining: 4, taken: 1 },
      { limit: 5, remaining: 4, taken: 1 },
      { limit: 5, remaining: 3, taken: 1 },
    ])
  })

  it('gives back what a later refusal makes void, and tells the figures as they then stand', async () => {
    const scene = cluster()
    await scene.store.decide([whole])
    const decisions = await scene.store.decide([client, whole, client])
    expect(decisions).toMatchObject([
      { kind: 'allowed', taken: 0, remaining: 5 },
      { kind: 'denied', remaining: 0 },
      { kind: 'allowed', taken: 0, remaining: 5 },
    ])
    expect(scene.asked.slice(1)).toEqual([
      'decide user:alice',
      'decide everyone',
      'refund user:alice',
      'peek user:alice',
    ])
    expect(await remaining(scene, client)).toMatchObject({ remaining: 5 })
  })

  it('only peeks at the slots after a refusal, so that they start no block', async () => {
    const scene = cluster()
    const blocking = { ...whole, block: { for: 60_000_000, everywhere: false } }
    const none = { ...client, cost: 6 }
    await scene.store.decide([whole])
    expect(await scene.store.decide([none, blocking])).toMatchObject([{ kind: 'impossible' }, { kind: 'denied' }])
    expect(await remaining(scene, whole)).toMatchObject({ kind: 'denied' })
  })

  it('fails with the slot that fails, and gives back what was taken before', async () => {
    const scene = cluster()
    scene.servers[slotOf('everyone')]?.fail(down)
    await expect(scene.store.decide([client, whole])).rejects.toBe(down)
    expect(await remaining(scene, client)).toMatchObject({ remaining: 5 })
  })

  it('says unknown of a slot that fails after another has refused: the refusal stands', async () => {
    const scene = cluster()
    await scene.store.decide([whole])
    scene.servers[slotOf('group:free')]?.fail(down)
    expect(await scene.store.decide([client, whole, group])).toMatchObject([
      { kind: 'allowed', taken: 0 },
      { kind: 'denied' },
      { kind: 'unknown', cause: down },
    ])
  })

  it('keeps taken what it cannot give back, and says that it does not know', async () => {
    const scene = cluster()
    const own = scene.servers[slotOf('user:alice')]
    await scene.store.decide([whole])
    const decisions = scene.store.decide([client, whole])
    // The first slot has been asked in the next turn; from then on it fails.
    await new Promise((resolve) => setImmediate(resolve))
    own?.fail(down)
    expect(await decisions).toMatchObject([{ kind: 'unknown', cause: down }, { kind: 'denied' }])
    own?.work()
    expect(await remaining(scene, client)).toMatchObject({ remaining: 4 })
  })

  it('peeks at all slots at once, and fails with any of them', async () => {
    const { store, asked, servers } = cluster()
    expect(await store.peek([client, whole])).toMatchObject([{ remaining: 5 }, { remaining: 1 }])
    expect(asked).toEqual(['peek user:alice', 'peek everyone'])
    servers[slotOf('everyone')]?.fail(down)
    await expect(store.peek([client, whole])).rejects.toBe(down)
  })

  it('gives back in every slot, though one of them may fail', async () => {
    const scene = cluster()
    await scene.store.decide([client, whole])
    scene.servers[slotOf('user:alice')]?.fail(down)
    await expect(scene.store.refund([client, whole])).rejects.toBe(down)
    expect(await remaining(scene, whole)).toMatchObject({ remaining: 1 })
  })

  it('manages a partition where it lies', async () => {
    const scene = cluster()
    await scene.store.block(client.zone, client.partition, 1_000_000)
    expect(await remaining(scene, client)).toMatchObject({ kind: 'blocked' })
    await scene.store.unblock(client.zone, client.partition)
    await scene.store.decide([client])
    await scene.store.reset(client.zone, client.partition)
    expect(await remaining(scene, client)).toMatchObject({ remaining: 5 })
  })
})

describe('acrossSlots, once its limit has passed', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('fails, and gives back what it has taken once it hears of it', async () => {
    const scene = cluster()
    const everyone = scene.servers[slotOf('everyone')]
    everyone?.hang()
    const late = expect(scene.store.decide([client, whole])).rejects.toMatchObject({
      code: 'ERR_SPILLWAY_STORE_TIMEOUT',
    })
    await vi.advanceTimersByTimeAsync(60)
    await late
    everyone?.rejectHanging(down)
    everyone?.work()
    await vi.advanceTimersByTimeAsync(1)
    expect(scene.asked.at(-1)).toBe('refund user:alice')

    const left = remaining(scene, client)
    await vi.advanceTimersByTimeAsync(1)
    expect(await left).toMatchObject({ remaining: 5 })
  })

  it('gives back all of it where the slots together took too long', async () => {
    const scene = cluster()
    for (const server of scene.servers) server.slow(40)
    const late = expect(scene.store.decide([client, whole])).rejects.toMatchObject({
      code: 'ERR_SPILLWAY_STORE_TIMEOUT',
    })
    await vi.advanceTimersByTimeAsync(60)
    await late
    await vi.advanceTimersByTimeAsync(100)
    expect(scene.asked.slice(2).sort()).toEqual(['refund everyone', 'refund user:alice'])
  })
})
