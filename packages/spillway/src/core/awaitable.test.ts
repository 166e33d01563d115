import { describe, expect, it } from 'vitest'
import * as awaitable from './awaitable.js'

const { isPromise, quietly } = awaitable

describe('isPromise', () => {
  const withThen = (then: unknown): unknown => Object.fromEntries([['then', then]])

  it('tells what an await would wait for from what is there', () => {
    const told = (values: readonly unknown[]) => values.map((value) => isPromise(value))
    expect(told([Promise.resolve(1), withThen(() => 1)])).toEqual([true, true])
    expect(told([1, null, undefined, 'then', {}, withThen(1)])).toEqual(new Array(6).fill(false))
  })
})

describe('after', () => {
  it('goes on at once with a value that is there, and later with one that is to come', async () => {
    expect(awaitable.after(1, (value) => value + 1)).toBe(2)
    const later = awaitable.after(Promise.resolve(1), (value) => value + 1)
    expect(later).toBeInstanceOf(Promise)
    expect(await later).toBe(2)
  })
})

describe('quietly', () => {
  it('does what it is given, at once where that is possible', () => {
    let done = 0
    expect(quietly(() => void done++)).toBeUndefined()
    expect(done).toBe(1)
  })

  it('drops what is thrown, and what a promise rejects with', async () => {
    const fault = new Error('down')
    const throwing = () => {
      throw fault
    }
    expect(quietly(throwing)).toBeUndefined()
    const rejecting = quietly(() => Promise.reject(fault))
    expect(rejecting).toBeInstanceOf(Promise)
    expect(await rejecting).toBeUndefined()
  })
})
