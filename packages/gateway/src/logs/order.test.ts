import { expect, test } from 'vitest'
import { emptyLine } from './log-line.js'
import { lineOrder } from './order.js'
import { textOf } from './text.js'

const SECOND = 1_000_000

/** Puts lines of these times, in seconds, and gives the order in which they come out, with the times. */
function ordered(seconds: readonly number[]) {
  const out: string[] = []
  const order = lineOrder((line, at) => void out.push(`${line.status}@${at / SECOND}`))
  const line = emptyLine()
  for (const [i, second] of seconds.entries()) {
    line.at = second * SECOND
    line.status = i
    order.put(line)
  }
  order.flush()
  return { out, count: order.count }
}

test('lines within a minute are put in order, those of one time stay as they came', () => {
  expect(ordered([100, 70, 110, 70, 100])).toEqual({
    out: ['1@70', '3@70', '0@100', '4@100', '2@110'],
    count: { moved: 2, late: 0, setBack: 0 },
  })
})

test('the first line stays first among those of one time', () => {
  expect(ordered([22, 22, 23, 22]).out).toEqual(['0@22', '1@22', '3@22', '2@23'])
})

test('a line that comes more than a minute too late is handed on at the time that was reached', () => {
  expect(ordered([100, 200, 300, 400, 150, 410])).toEqual({
    out: ['0@100', '1@200', '4@200', '2@300', '3@400', '5@410'],
    count: { moved: 0, late: 1, setBack: 0 },
  })
})

test('one line from the year 2100 hurries nobody: it comes last', () => {
  const far = Date.UTC(2100, 0) / 1000
  expect(ordered([100, 101, far, 90, 102, 200]).out).toEqual(['3@90', '0@100', '1@101', '4@102', '5@200', `2@${far}`])
})

test('a clock that is set back by an hour is followed after a hundred lines, and all from before it has then come', () => {
  const before = Array.from({ length: 300 }, (_, i) => 10_000 + i)
  const after = Array.from({ length: 300 }, (_, i) => 6_400 + i)
  const { out, count } = ordered([...before, ...after])

  expect(count).toEqual({ moved: 0, late: 100, setBack: 1 })
  expect(out).toEqual([
    ...before.slice(0, 239).map((at, i) => `${i}@${at}`),
    ...after.slice(0, 99).map((_, i) => `${300 + i}@10238`),
    ...before.slice(239).map((at, i) => `${239 + i}@${at}`),
    ...after.slice(99).map((at, i) => `${399 + i}@${at}`),
  ])
})

test('a line from the year 2100 is not hurried by a clock that is set back', () => {
  const far = Date.UTC(2100, 0) / 1000
  const before = Array.from({ length: 300 }, (_, i) => 10_000 + i)
  const after = Array.from({ length: 300 }, (_, i) => 6_400 + i)
  expect(ordered([...before.slice(0, 150), far, ...before.slice(150), ...after]).out.at(-1)).toBe(`150@${far}`)
})

test('a random shuffle within the window comes out as a sort would have it', () => {
  const times = Array.from({ length: 5_000 }, (_, i) => i + Math.floor(Math.random() * 50))
  const expected = times
    .map((at, i) => ({ at, i }))
    .sort((a, b) => a.at - b.at || a.i - b.i)
    .map(({ at, i }) => `${i}@${at}`)

  expect(ordered(times).out).toEqual(expected)
})

test('however many lines stand in one minute, all of them come out', () => {
  const { out, count } = ordered(Array.from({ length: 70_000 }, (_, i) => (i % 7) / 10))
  expect({ lines: out.length, late: count.late }).toEqual({ lines: 70_000, late: 0 })
})

test('a line that waited has all that was read of it', () => {
  const lines = [100, 70, 110].map((second) => ({
    at: second * SECOND,
    address: textOf(`192.0.2.${second}`),
    user: textOf('alice'),
    method: textOf('GET'),
    target: textOf(`/${second}`),
    status: 200 + second,
    userAgent: textOf('curl'),
    fields: new Map([['host', `${second}.example`]]),
  }))
  const out: unknown[] = []
  const order = lineOrder((line) => void out.push({ ...line }))
  for (const line of lines) order.put(line)
  order.flush()

  expect(out).toEqual([lines[1], lines[0], lines[2]])
})
