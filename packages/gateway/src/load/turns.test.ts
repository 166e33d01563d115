import { expect, test } from 'vitest'
import { turnsOf } from './turns.js'

const next = (turns: ReturnType<typeof turnsOf>, count: number) => Array.from({ length: count }, () => turns.next())

test('clients take turns, but those that pause', () => {
  const turns = turnsOf(4)
  expect(next(turns, 5)).toEqual([0, 1, 2, 3, 0])
  turns.pause(1)
  expect(next(turns, 4)).toEqual([2, 3, 0, 2])
  turns.resume(1)
  expect(next(turns, 4)).toEqual([3, 0, 1, 2])
})

test('a quarter of the clients may pause, of two one, and one that is alone never', () => {
  const pausing = (clients: number) => {
    const turns = turnsOf(clients)
    return Array.from({ length: clients }, (_, i) => i).filter((client) => turns.mayPause(client))
  }
  expect([pausing(1), pausing(2), pausing(8)]).toEqual([[], [1], [1, 5]])
})

test('whoever pauses already does not pause again', () => {
  const turns = turnsOf(2)
  turns.pause(1)
  expect(turns.mayPause(1)).toBe(false)
})
