import fc from 'fast-check'
import { expect, test } from 'vitest'
import { peaksOverTime } from './peaks.js'
import { timeline } from './timeline.js'

const SECOND = 1_000_000

test('steps are a second long, and begin with the first request', () => {
  const line = timeline(4)
  for (const [second, isRefused] of [
    [10.5, false],
    [10.9, true],
    [12, false],
  ] as const)
    line.add(second * SECOND, isRefused)
  expect(line.result()).toEqual({ start: 10 * SECOND, step: SECOND, requests: [2, 0, 1], refused: [1, 0, 0] })
})

test('steps become twice as long whenever the time runs past the last one, and neighbours are put together', () => {
  const line = timeline(4)
  for (let second = 0; second < 9; second++) line.add(second * SECOND, second % 2 === 1)
  expect(line.result()).toEqual({ start: 0, step: 4 * SECOND, requests: [4, 4, 1], refused: [2, 2, 0] })
})

test('what comes before the start is counted in the first step', () => {
  const line = timeline(4)
  for (const second of [10, 5, 11]) line.add(second * SECOND, false)
  expect(line.result()).toMatchObject({ start: 10 * SECOND, requests: [2, 1] })
})

test('where nothing came there is nothing', () => {
  expect(timeline(4).result()).toEqual({ start: 0, step: SECOND, requests: [], refused: [] })
  expect(peaksOverTime().result()).toEqual({ start: 0, step: SECOND, peaks: [] })
})

test('each step has the highest value of those that came in it, and counts lose none', () => {
  const values = fc.array(fc.record({ second: fc.nat(100_000), value: fc.integer({ min: 1, max: 1_000 }) }), {
    minLength: 1,
  })
  fc.assert(
    fc.property(values, (list) => {
      const inOrder = list.toSorted((a, b) => a.second - b.second)
      const [line, peaks] = [timeline(240), peaksOverTime()]
      for (const { second, value } of inOrder) {
        line.add(second * SECOND, true)
        peaks.add(second * SECOND, value)
      }
      const { start, step, peaks: found } = peaks.result()
      const expected = found.map((_, nth) =>
        Math.max(
          0,
          ...inOrder.flatMap(({ second, value }) =>
            Math.floor((second * SECOND - start) / step) === nth ? [value] : [],
          ),
        ),
      )
      expect(found).toEqual(expected)
      expect(line.result()).toMatchObject({ start, step })
      expect(line.result().refused.reduce((a, b) => a + b)).toBe(list.length)
    }),
  )
})
