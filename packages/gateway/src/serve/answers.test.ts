import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { answers } from './answers.js'

const answer = () => new ServerResponse(new IncomingMessage(new Socket()))

test('answers leave in any order, and those that are open stay listed', () => {
  const open = answers()
  const [first, second, third] = [answer(), answer(), answer()]
  const [leaveFirst, leaveSecond, leaveThird] = [open.add(first), open.add(second), open.add(third)]
  leaveFirst()
  expect(new Set(open.list())).toEqual(new Set([second, third]))

  leaveThird()
  expect(open.list()).toEqual([second])
  leaveSecond()
  expect(open.list()).toEqual([])
})

test('they are listed in the order in which they came', () => {
  const open = answers()
  const [first, second, third] = [answer(), answer(), answer()]
  const leave = open.add(first)
  open.add(second)
  open.add(third)
  leave()

  expect(open.list()).toEqual([second, third])
})
