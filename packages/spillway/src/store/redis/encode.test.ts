import { expect, it } from 'vitest'
import { makeQuota } from '../../core/make-quota.js'
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

/** The work, as the script gets it. */
function work(calls: readonly StoreCall[]): unknown[] {
  const [now, json] = encodeCalls(calls, keyOf, 0, false).args
  expect(now).toBe('')
  return JSON.parse(json ?? '') as unknown[]
}

/** The numbers of the calls, which stand last in it. */
function numbers(calls: readonly StoreCall[]): unknown {
  return work(calls).at(-1)
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

it('has a short form for runs under one quota each that is no calendar window', () => {
  const rule = [3, expect.any(Number), 5, 60_000_000, 60_000_000 / 60, 60]
  expect(work([decide('a'), decide('b', 2)])).toEqual([[rule], [0, 1, 1, 1, 0, 1, 0, 2, 1, 2, 0, 1]])
  const daily = ruleOf('daily', [makeQuota({ limit: 5, every: 'day' })])
  const two = ruleOf('two', quotas('5/minute; 9/hour'))
  const peek: StoreCall = { kind: 'peek', charges: [chargeOf(towns, 'a')] }
  const long = (calls: readonly StoreCall[]) => work([decide('a'), ...calls]).length
  expect(long([{ kind: 'decide', charges: [chargeOf(daily, 'a')] }])).toBe(3)
  expect(long([{ kind: 'decide', charges: [chargeOf(two, 'a')] }])).toBe(3)
  expect(long([peek])).toBe(3)
  expect(long([decide('b')])).toBe(2)
})

it('has a shorter one for a charge that comes alone', () => {
  const one = [2, 3, expect.any(Number), 5, 60_000_000, 60_000_000 / 60, 60]
  expect(work([decide('a', 2)])).toEqual(one)
  expect(encodeCalls([decide('a', 2)], keyOf, 7, true)).toMatchObject({
    keys: ['{a}towns'],
    args: ['7', expect.any(String)],
  })
})

it('names a key once, whichever rule or zone of that name it is charged by', () => {
  const again = ruleOf('towns', quotas('7/minute'))
  const { keys } = encodeCalls([decide('a'), { kind: 'decide', charges: [chargeOf(again, 'a')] }], keyOf, 0, false)
  expect(keys).toEqual(['{a}towns'])
})
