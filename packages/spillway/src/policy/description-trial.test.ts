import { expect, test } from 'vitest'
import { faultsOf, rules } from './faults.fixture.js'

test.each<readonly [fault: string, input: unknown]>([
  [
    'rules[0].enforce: must have its sign, such as "10%": a bare number may be meant as a fraction',
    rules({ enforce: 10 }),
  ],
  ['rules[0].enforce: must be a share as text, such as 10%', rules({ enforce: '10' })],
  ['rules[0].enforce: must be a share as text, such as 10%', rules({ enforce: '-1%' })],
  ['rules[0].enforce: must be more than 0% and at most 100%, not 0%', rules({ enforce: '0%' })],
  ['rules[0].enforce: must be more than 0% and at most 100%, not 100.1%', rules({ enforce: '100.1%' })],
  ['rules[0].enforce: must be a share as text, such as 10%, not true', rules({ enforce: true })],
  [
    'rules[0].enforce: stands beside `mode: shadow`: leave `mode` out, the other partitions are as in shadow',
    rules({ enforce: '10%', mode: 'shadow' }),
  ],
  ['rules[0].enforce: is for nothing: the rule is unlimited', rules({ enforce: '10%', quotas: 'unlimited' })],
  [
    'rules[0].candidate: is for nothing: unlimited refuses nobody, so that there is nothing to try',
    rules({ candidate: 'unlimited' }),
  ],
  [
    'rules[0].candidate: stands beside `mode: shadow`: such a rule is on trial itself, write a second one for other quotas',
    rules({ candidate: '5/minute', mode: 'shadow' }),
  ],
  [
    'rules[0].candidate: holds 2, less than the cost of one request, 3: it could never admit one',
    rules({ quotas: '9/minute', cost: 3, candidate: ['5/minute', '2/second'] }),
  ],
  [
    'rules[0].candidate: holds 2, less than the cost of one request, 4: it could never admit one',
    rules({ quotas: '9/minute', charge: { when: 'response', on: 401, cost: 4 }, candidate: '2/minute' }),
  ],
  ['rules[0].candidate[1]: `unlimited` stands alone, not in a list', rules({ candidate: ['1/s', 'unlimited'] })],
  [
    'rules[1].candidate: the token buckets of zone pool*candidate have the same window but differ in limit or burst: make them alike, or give one rule a zone of its own',
    {
      rules: [5, 6].map((limit) => ({
        path: `/${limit}`,
        zone: 'pool',
        quotas: '9/minute',
        candidate: { limit, window: '1m', algorithm: 'token-bucket' },
      })),
    },
  ],
])('%s', (fault, input) => {
  expect(faultsOf(input)).toEqual([fault])
})
