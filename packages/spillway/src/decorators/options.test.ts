import { expect, it } from 'vitest'
import { rateLimit } from './rate-limit.js'

it.each([
  [{ blok: '15m' }, 'rateLimit: there is no option "blok", only by, cost, block'],
  [{ cost: 0 }, 'rateLimit: cost: expected a whole number from 1'],
  [{ by: 'user' }, 'rateLimit: by: expected a function'],
])('a decorator throws before any call for the options %j', (options, message) => {
  expect(() => rateLimit('1/minute', options as never)).toThrow(message)
})

it.each([undefined, null, {}, ['1/minute'], 10])(
  'a decorator throws before any call for what is neither quotas nor a limiter: %j',
  (limit) => {
    expect(() => rateLimit(limit as never)).toThrow(
      new TypeError('rateLimit: expected quotas such as 10/minute, or a limiter that createLimiter made'),
    )
  },
)
