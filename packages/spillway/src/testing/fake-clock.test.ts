import { describe, expect, it } from 'vitest'
import { SECOND } from '../core/units.js'
import { fakeClock } from './fake-clock.js'

describe('the fake clock', () => {
  it('stands still until it is told otherwise', () => {
    const clock = fakeClock(7)
    expect(clock.now()).toBe(7)
    clock.advance('1s')
    expect(clock.now()).toBe(7 + SECOND)
    clock.set(3)
    expect(clock.now()).toBe(3)
  })

  it('rings the alarms on its way in order, each at its time, also those that are set by another', () => {
    const clock = fakeClock(0)
    const rung: [string, number][] = []
    const note = (name: string) => () => rung.push([name, clock.now()])
    clock.wake(3, note('third'))
    clock.wake(1, () => {
      note('first')()
      clock.wake(1, note('second'))
    })
    clock.wake(9, note('too late'))
    clock.advance(5)
    expect(rung).toEqual([
      ['first', 1],
      ['second', 2],
      ['third', 3],
    ])
    expect(clock.now()).toBe(5)
  })

  it('does not ring what was called off', () => {
    const clock = fakeClock(0)
    const rung: string[] = []
    const stop = clock.wake(2, () => rung.push('later'))
    clock.wake(1, stop)
    clock.advance(5)
    expect(rung).toEqual([])
  })

  it('goes by whole microseconds alone', () => {
    const clock = fakeClock(0)
    for (const wrong of [Number.NaN, 0.5, Number.POSITIVE_INFINITY, undefined]) {
      expect(() => clock.advance(wrong as number)).toThrow(RangeError)
      expect(() => clock.set(wrong as number)).toThrow(RangeError)
    }
    expect(clock.now()).toBe(0)
    for (const wrong of [Number.NaN, 0.5]) expect(() => fakeClock(wrong)).toThrow(RangeError)
  })
})
