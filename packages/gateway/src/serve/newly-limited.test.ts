import { fakeClock } from 'spillway/testing'
import { describe, expect, it } from 'vitest'
import { newlyLimited } from './newly-limited.js'

const user = (name: string) => ({ kind: 'user', user: name, group: 'default' }) as const

describe('clients that are newly limited', () => {
  it('count once, however often they are refused', () => {
    const limited = newlyLimited(fakeClock())
    for (let i = 0; i < 5; i++) limited.refused(user('alice'))
    limited.refused(user('bob'))
    expect(limited.count).toBe(2)
  })

  it('are told apart by their kind', () => {
    const limited = newlyLimited(fakeClock())
    limited.refused(user('192.0.2.1'))
    limited.refused({ ...user('192.0.2.1'), kind: 'ip' })
    expect(limited.count).toBe(2)
  })

  it('count again after ten quiet minutes, and not while they go on', () => {
    const clock = fakeClock()
    const limited = newlyLimited(clock)
    for (let minute = 0; minute < 60; minute++) {
      limited.refused(user('alice'))
      clock.advance('1m')
    }
    expect(limited.count).toBe(1)
    clock.advance('20m')
    limited.refused(user('alice'))
    expect(limited.count).toBe(2)
  })

  it('of a flood are forgotten, so that memory stays bounded', () => {
    const limited = newlyLimited(fakeClock())
    for (let i = 0; i < 300_000; i++) limited.refused(user(`${i}`))
    expect(limited.count).toBe(300_000)
    limited.refused(user('0'))
    expect(limited.count).toBe(300_001)
  })
})
