import { expect, test } from 'vitest'
import { faultsOf, rules } from './faults.fixture.js'

const quotas = (given: unknown) => rules({ quotas: given })

test.each<readonly [fault: string, input: unknown]>([
  ['rules[0].quotas.limit: must be a whole number, not text: drop the quotes', quotas({ limit: '100', window: '1m' })],
  ['rules[0].quotas.limit: must be a whole number, not NaN', quotas({ limit: Number.NaN, window: '1m' })],
  ['rules[0].quotas.limit: must be at least 1, not -1', quotas({ limit: -1, window: '1m' })],
  ['rules[0].quotas.limit: must be a whole number, not 1.5', quotas({ limit: 1.5, window: '1m' })],
  [
    'rules[0].quotas.limit: must be a whole number, not Infinity',
    quotas({ limit: Number.POSITIVE_INFINITY, window: '1m' }),
  ],
  [
    'rules[0].quotas.window: must have a unit, such as 60s: a bare number does not say of what',
    quotas({ limit: 1, window: 60 }),
  ],
  ['rules[0].quotas: has no window: write `window: 1m`, or `every: day` for a calendar window', quotas({ limit: 1 })],
  [
    'rules[0].quotas: "mintue" is not a unit of time: did you mean "minute"? (character 4 of "10/mintue")',
    quotas('10/mintue'),
  ],
  ['rules[0].quotas[1]: `unlimited` stands alone, not in a list', quotas(['1/s', 'unlimited'])],
  ['rules[0].quotas: is not a quota: did you mean `unlimited`?', quotas('unlimitd')],
  ['rules[0].quotas: is an empty list: it must have at least one item', quotas([])],
  ['rules[0].quotas: must be `unlimited` or text such as 10/minute or an object or a list, not 10', quotas(10)],
  ['rules[0].quotas: burst is only for a token-bucket', quotas({ limit: 1, window: '1m', burst: 2 })],
  [
    'rules[0].quotas: window is only for a quota without every: the calendar draws the window',
    quotas({ limit: 1, every: 'day', window: '1d' }),
  ],
  [
    'rules[0].quotas: timezone must be an IANA name such as Europe/Berlin, not "Mars/X"',
    quotas({ limit: 1, every: 'day', timezone: 'Mars/X' }),
  ],
  [
    'rules[0].quotas.window: "x" is not a unit of time: did you mean "s"? (character 2 of "5x")',
    quotas({ limit: 1, window: '5x' }),
  ],
  [
    'rules[0].quotas: a limit is at least 1: a quota cannot refuse everything (character 1 of "0/day")',
    quotas('0/day'),
  ],
  [
    'rules[0].quotas: has no value: it must be `unlimited` or text such as 10/minute or an object or a list',
    quotas(null),
  ],
  [
    'rules[0].quotas: is missing: it must be `unlimited` or text such as 10/minute or an object or a list',
    { rules: [{ path: '/a' }] },
  ],
  [
    'rules[0].quotas.window: "y" is not a unit of time: did you mean "year"? (character 3 of "11y")',
    quotas({ limit: 1, window: '11y' }),
  ],
  ['rules[0].quotas.window: must be at least 1 millisecond', quotas({ limit: 1, window: '0s' })],
  [
    'rules[0].quotas.limit: must be at most 4503599627370496, not 4503599627370497',
    quotas({ limit: 2 ** 52 + 1, window: '1s' }),
  ],
  ['rules[0].quotas: align is only for a fixed-window', quotas({ limit: 1, window: '1m', align: 'clock' })],
  ['rules[0].quotas: must be an object, not a date', quotas(new Date(0))],
  ['rules[0].quotas.limit: has no value: it must be a whole number', quotas({ limit: null, window: '1m' })],
  ['rules[0].quotas[0]: must be text such as 10/minute or an object, not a list', quotas([['1/s']])],
])('says %s', (fault, input) => {
  expect(faultsOf(input)).toEqual([fault])
})
