import { expect, test } from 'vitest'
import { parseCondition } from './fail-if.js'

const denied = { requests: 30, clients: 7, requestShare: 0.03, clientShare: 0.007 }
const result = { requests: 1_000, denied, blocked: denied, refused: denied, unparsed: { lines: 10, first: [] } }

test.each([
  ['denied.clients > 0.1%', '0.7 %'],
  ['denied.clients > 0.7%', undefined],
  ['denied.clients >= 0.7 %', '0.7 %'],
  ['refused.requests>29', '30'],
  ['denied.requests > 30', undefined],
  ['unparsed.lines > 0.5%', '0.99 %'],
])('%s comes to %s', (text, met) => {
  expect(parseCondition(text).met(result)).toBe(met)
})

test.each(['', 'denied > 1', 'denied.clients < 1', 'denied.paths > 1', 'toString.clients > 1', 'denied.clients > 1%%'])(
  '%j is no condition',
  (text) => {
    expect(() => parseCondition(text)).toThrow('a condition is such as')
  },
)
