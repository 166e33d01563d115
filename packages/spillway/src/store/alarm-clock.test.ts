import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DAY, MILLISECOND, SECOND } from '../core/units.js'
import { systemAlarmClock } from './alarm-clock.js'

describe('the system as an alarm clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('rings once, when the span has passed and not before', () => {
    const ring = vi.fn()
    systemAlarmClock().wake(2 * SECOND, ring)
    vi.advanceTimersByTime(1_999)
    expect(ring).not.toHaveBeenCalled()
    vi.advanceTimersByTime(10_000)
    expect(ring).toHaveBeenCalledOnce()
  })

  it('never rings sooner than a part of a millisecond says', () => {
    const ring = vi.fn()
    systemAlarmClock().wake(1.5 * MILLISECOND, ring)
    vi.advanceTimersByTime(1)
    expect(ring).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(ring).toHaveBeenCalledOnce()
  })

  it('waits 40 days, longer than one timer of the platform can', () => {
    const ring = vi.fn()
    systemAlarmClock().wake(40 * DAY, ring)
    vi.advanceTimersByTime((40 * DAY) / MILLISECOND - 1)
    expect(ring).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(ring).toHaveBeenCalledOnce()
  })

  it('can be called off, also after its first timer', () => {
    const ring = vi.fn()
    const stop = systemAlarmClock().wake(40 * DAY, ring)
    vi.advanceTimersByTime((30 * DAY) / MILLISECOND)
    stop()
    vi.advanceTimersByTime((30 * DAY) / MILLISECOND)
    expect(ring).not.toHaveBeenCalled()
  })
})
