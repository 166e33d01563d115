import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Counted } from './space-saving.js'
import { spaceSaving } from './space-saving.js'

const KEPT = 10

/** Counts names, of which some ten are kept; what is kept, by name. */
function counted(names: readonly string[]) {
  const table = spaceSaving(KEPT, (name, count): Counted => ({ name, count }))
  for (const name of names) table.count(name)
  return { kept: new Map([...table.entries()].map(({ name, count }) => [name, count])), isExact: table.exact() }
}

function timesOf(names: readonly string[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1)
  return times
}

test('few names are counted exactly', () => {
  const names = ['/a', '/b', '/a', '/c', '/a']
  expect(counted(names)).toEqual({ kept: timesOf(names), isExact: true })
})

test('of any stream of names memory stays bounded, no count is too low, and what comes often enough is kept', () => {
  const name = fc.oneof(fc.constantFrom('/a', '/b', '/c'), fc.nat(500).map(String))
  fc.assert(
    fc.property(fc.array(name, { maxLength: 2_000 }), (names) => {
      const { kept, isExact } = counted(names)
      const times = timesOf(names)
      expect(kept.size).toBeLessThanOrEqual(2 * KEPT)
      expect(isExact).toBe(kept.size === times.size)
      for (const [each, count] of kept) expect(count).toBeGreaterThanOrEqual(times.get(each) ?? 0)
      const often = [...times].filter(([, count]) => count > names.length / KEPT).map(([each]) => each)
      for (const each of often) expect(kept.has(each)).toBe(true)
    }),
  )
})
