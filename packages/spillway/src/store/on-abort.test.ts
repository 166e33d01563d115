import { expect, it } from 'vitest'
import { createLimiter } from '../limiter.js'
import { fakeClock } from '../testing/fake-clock.js'
import { memoryStore } from './memory/memory.js'
import { onAbort } from './on-abort.js'

it('runs what was not called off, in order, once', () => {
  const leaving = new AbortController()
  const ran: string[] = []
  const callOff = onAbort(leaving.signal, () => ran.push('a'))
  onAbort(leaving.signal, () => ran.push('b'))
  onAbort(leaving.signal, () => ran.push('c'))
  callOff()
  leaving.abort()
  leaving.signal.dispatchEvent(new Event('abort'))
  expect(ran).toEqual(['b', 'c'])
})

it('listens again after all were called off', () => {
  const leaving = new AbortController()
  let ran = 0
  const callOff = onAbort(leaving.signal, () => ran++)
  callOff()
  callOff()
  onAbort(leaving.signal, () => ran++)
  callOff()
  leaving.abort()
  expect(ran).toBe(1)
})

it('lets many wait by one signal without a warning of a leak', async () => {
  const warnings: Error[] = []
  const note = (warning: Error) => warnings.push(warning)
  process.on('warning', note)
  const clock = fakeClock()
  const limiter = createLimiter({ quotas: '1/minute', store: memoryStore({ clock }), clock })
  const leaving = new AbortController()
  const all = Array.from({ length: 30 }, () => limiter.wait('api', { signal: leaving.signal }))
  leaving.abort()
  const ends = await Promise.allSettled(all)
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', note)
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', ...new Array(29).fill('rejected')])
  expect(warnings).toEqual([])
})
