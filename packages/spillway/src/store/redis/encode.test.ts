import { expect, it } from 'vitest'
import { quotas } from '../../core/quota-parser.js'
import { chargeOf, ruleOf } from '../../testing/program.js'
import type { StoreCall } from '../calls.js'
import { encodeCalls } from './encode.js'
import { keysUnder } from './keys.js'

const towns = ruleOf('towns', quotas('5/minute'))
const keyOf = keysUnder('')

function decide(partition: string, cost = 1): StoreCall {
  return { kind: 'decide', charges: [chargeOf(towns, partition, cost)] }
}

/** The numbers of the calls, as the script gets them. */
function numbers(calls: readonly StoreCall[]): unknown {
  const [now, work] = encodeCalls(calls, keyOf, 0, false).args
  expect(now).toBe('')
  return (JSON.parse(work ?? '') as unknown[])[2]
}

it('tells charges on partitions that come for the first time as one run', () => {
  expect(numbers(['a', 'b', 'c'].map((name) => decide(name)))).toEqual([0, 1, 1, 1, 1, 3])
})

it('tells charges on one partition as one run', () => {
  expect(numbers(['a', 'a', 'a'].map((name) => decide(name)))).toEqual([0, 1, 1, 1, 0, 3])
})

it('begins a run anew where a partition comes again, the cost is another, or another call came between', () => {
  const peek: StoreCall = { kind: 'peek', charges: [chargeOf(towns, 'a')] }
  expect(numbers([decide('a'), decide('b'), decide('a'), decide('b', 2), peek, decide('c', 2)])).toEqual([
    ...[0, 1, 1, 1, 1, 2],
    ...[0, 1, 1, 1, 0, 1],
    ...[0, 2, 1, 2, 0, 1],
    ...[2, 1, 1, 1, 1, 0, 0, 0, 0],
    ...[0, 3, 1, 2, 0, 1],
  ])
})
