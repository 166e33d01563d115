import { describe, expect, it } from 'vitest'
import { prefixOf, replicasOf, timeoutOf } from './settings.js'

describe('the settings of a Redis store', () => {
  it('have defaults', () => {
    expect([prefixOf(), timeoutOf(), replicasOf(undefined, () => 3)()]).toEqual(['spillway:', 50_000, 3])
  })

  it('are taken as they are given', () => {
    expect([prefixOf(''), prefixOf('towns:'), timeoutOf('1s'), timeoutOf(1_500)]).toEqual([
      '',
      'towns:',
      1_000_000,
      1_500,
    ])
    expect(replicasOf(4, () => 3)()).toBe(4)
  })

  it('are refused where they make no sense', () => {
    expect(() => prefixOf('{app}:')).toThrow(new RangeError('prefix must have no braces, not "{app}:"'))
    for (const timeout of [0, -1, 1.5, 999, Number.NaN, '11s', 10_000_001])
      expect(() => timeoutOf(timeout)).toThrow(RangeError)
    expect(() => timeoutOf('soon')).toThrow('expected')
    for (const replicas of [0, 1.5, Number.NaN]) expect(() => replicasOf(replicas, () => 1)).toThrow(RangeError)
  })
})
