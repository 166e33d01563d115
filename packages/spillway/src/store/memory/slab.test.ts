import { describe, expect, it } from 'vitest'
import { readRing, writeRing } from '../../core/ring-log.js'
import { seededRandom } from '../../testing/random.js'
import type { Slab } from './slab.js'
import { allocate, capacityFor, createSlab, release, ringAt } from './slab.js'

const PAGE_BYTES = 65_536

function slabOf(pages: number): Slab {
  return createSlab({ used: 0, max: pages * PAGE_BYTES })
}

describe('a slab', () => {
  it('cuts rings in powers of two, from four entries on', () => {
    expect([1, 4, 5, 8, 120, 2_000].map(capacityFor)).toEqual([4, 4, 8, 8, 128, 2_048])
  })

  it('gives out empty rings, each at a place of its own, never at 0', () => {
    const slab = slabOf(10)
    const places = Array.from({ length: 1_000 }, () => allocate(slab, 4))
    expect(new Set(places).size).toBe(1_000)
    expect(places).not.toContain(0)
    for (const place of places) expect(readRing(ringAt(slab, place))).toEqual([])
  })

  it('gives out an empty ring where another one was', () => {
    const slab = slabOf(1)
    const other = allocate(slab, 4)
    const place = allocate(slab, 4)
    writeRing(ringAt(slab, place), [{ at: 1, units: 1 }])
    release(slab, place)
    expect(readRing(ringAt(slab, allocate(slab, 4)))).toEqual([])
    expect(readRing(ringAt(slab, other))).toEqual([])
  })

  it('has place 0 for what its budget has no room for', () => {
    const slab = slabOf(1)
    const places = Array.from({ length: 3 }, () => allocate(slab, 2_048))
    expect(places).toEqual([places[0], 0, 0])
    expect(slab.budget.used).toBe(PAGE_BYTES)
  })

  it('gives every page back whose rings are all free', () => {
    const slab = slabOf(100)
    const places = Array.from({ length: 5_000 }, (_, i) => allocate(slab, i % 2 === 0 ? 4 : 8))
    expect(slab.budget.used).toBeGreaterThan(5 * PAGE_BYTES)
    for (const place of places) release(slab, place)
    expect(slab.budget.used).toBe(0)
    expect(slab.pages.every((page) => page === undefined)).toBe(true)
  })

  it('uses the number of a page again that it gave back', () => {
    const slab = slabOf(100)
    for (let i = 0; i < 1_000; i++) release(slab, allocate(slab, 2_048))
    expect(slab.pages.length).toBe(2)
  })

  it('keeps what each ring holds, while others of all sizes come and go', () => {
    const slab = slabOf(1_000)
    const random = seededRandom(1)
    const held = new Map<number, number>()
    for (let i = 1; i <= 5_000; i++) {
      if (held.size > 0 && random.oneIn(2)) {
        const place = random.pick([...held.keys()].slice(0, 5))
        release(slab, place)
        held.delete(place)
      } else {
        const place = allocate(slab, random.pick([4, 8, 128, 2_048]))
        if (held.has(place)) throw new Error(`place ${place} was given out twice`)
        writeRing(ringAt(slab, place), [{ at: i, units: 1 }])
        held.set(place, i)
      }
    }
    for (const [place, at] of held) expect(readRing(ringAt(slab, place))).toEqual([{ at, units: 1 }])
  })
})
