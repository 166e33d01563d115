import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeClock } from '../../testing/fake-clock.js'
import { plainCalls } from '../../testing/plain-calls.js'
import { plainStore } from '../../testing/plain-store.js'
import { faultyCalls } from '../faulty-calls.fixture.js'
import { heartbeat } from './heartbeat.js'

/** A call store that is shared by as many processes as `count` says. */
function scene() {
  const shared = { count: 1 }
  const calls = faultyCalls({ ...plainCalls(plainStore(fakeClock())), beat: () => Promise.resolve(shared.count) })
  let heard = 0
  return { shared, calls, heard: () => heard, heart: heartbeat(calls, () => heard++) }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('heartbeat', () => {
  it('beats 100 ms after the start, then once a second', async () => {
    const { calls, heard } = scene()
    expect(calls.beats()).toBe(0)
    await vi.advanceTimersByTimeAsync(99)
    expect(calls.beats()).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(calls.beats()).toBe(1)
    await vi.advanceTimersByTimeAsync(5_000)
    expect([calls.beats(), heard()]).toEqual([6, 6])
  })

  it('knows how many processes there are, and what it last knew while the store fails', async () => {
    const { shared, calls, heart, heard } = scene()
    expect(heart.replicas()).toBe(1)
    shared.count = 4
    await vi.advanceTimersByTimeAsync(100)
    expect(heart.replicas()).toBe(4)
    calls.fail(new Error('down'))
    shared.count = 2
    await vi.advanceTimersByTimeAsync(3_000)
    expect([heart.replicas(), heard()]).toEqual([4, 1])
    calls.work()
    await vi.advanceTimersByTimeAsync(3_000)
    expect(heart.replicas()).toBe(2)
  })

  it('believes that there are more at once, and that there are fewer after three beats in a row', async () => {
    const { shared, calls, heart } = scene()
    const told = async (count: number) => {
      shared.count = count
      await vi.advanceTimersByTimeAsync(1_000)
      return heart.replicas()
    }
    expect(await told(4)).toBe(4)
    // A server that comes back empty, again and again: as many beats as told of fewer in all say nothing.
    expect([await told(1), await told(2)]).toEqual([4, 4])
    calls.fail(new Error('down'))
    await told(0)
    calls.work()
    expect([await told(1), await told(3)]).toEqual([4, 4])
    expect([await told(4), await told(2), await told(3)]).toEqual([4, 4, 4])
    expect(await told(2)).toBe(3)
    expect([await told(5), await told(5)]).toEqual([5, 5])
  })

  it('has one beat under way at a time', async () => {
    const { calls } = scene()
    calls.hang()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(calls.beats()).toBe(1)
  })

  it('stops when it is closed, also while a beat is under way', async () => {
    const { calls, heart, heard } = scene()
    await vi.advanceTimersByTimeAsync(100)
    heart.close()
    expect(vi.getTimerCount()).toBe(0)

    const other = scene()
    other.calls.hang()
    await vi.advanceTimersByTimeAsync(100)
    other.heart.close()
    other.calls.rejectHanging(new Error('late'))
    await vi.advanceTimersByTimeAsync(5_000)
    expect([calls.beats(), heard(), other.calls.beats()]).toEqual([1, 1, 1])
  })
})
