import { expect, test } from 'vitest'
import { distinct } from './distinct.js'

test.each([0, 1, 100, 5_000, 40_000, 300_000])(
  'of %i names about as many are estimated, however often each comes',
  (count) => {
    const names = distinct()
    for (let times = 0; times < 2; times++) {
      for (let nth = 0; nth < count; nth++) names.add(`ip:198.51.${nth >> 8}.${nth & 255}`)
    }
    expect(Math.abs(names.estimate() - count)).toBeLessThanOrEqual(0.02 * count)
  },
)
