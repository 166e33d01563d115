import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePolicy } from './parse-policy.js'
import type { RuleInRollOut } from './roll-out.js'
import { enforcedFor, isInRollOut } from './roll-out.js'

function inRollOut(percent: number, name = 'towns'): RuleInRollOut {
  const { layers } = parsePolicy({ rules: [{ name, path: '/towns', quotas: '1/minute', enforce: `${percent}%` }] })
  const rule = layers[0]?.rules[0]
  if (rule === undefined || !isInRollOut(rule)) throw new Error('the rule is in roll-out')
  return rule
}

const users = Array.from({ length: 20_000 }, (_, i) => `user:u${i}`)
const addresses = Array.from({ length: 20_000 }, (_, i) => `ip:10.1.${i >> 8}.${i & 255}`)

describe('a staged roll-out', () => {
  test.each([0.5, 1, 10, 50, 99])(
    'of %s % reaches that share of the partitions, however alike their names',
    (percent) => {
      const rule = inRollOut(percent)
      for (const names of [users, addresses]) {
        const share = names.filter((name) => enforcedFor(rule, name)).length / names.length
        // Five standard deviations of a fair draw.
        expect(Math.abs(share - percent / 100)).toBeLessThan(5 * Math.sqrt((percent * (100 - percent)) / 1e4 / 20_000))
      }
    },
  )

  test('of 100 % reaches everybody', () => {
    const rule = inRollOut(100)
    expect(users.every((name) => enforcedFor(rule, name))).toBe(true)
  })

  test('that grows leaves nobody whom it has reached', () => {
    const percent = fc.double({ min: 0.001, max: 100, noNaN: true }).map((each) => Number(each.toFixed(3)))
    fc.assert(
      fc.property(percent, percent, fc.string(), (one, other, name) => {
        const [less, more] = one < other ? [one, other] : [other, one]
        if (enforcedFor(inRollOut(less), name)) expect(enforcedFor(inRollOut(more), name)).toBe(true)
      }),
    )
  })

  test('reaches others in another zone', () => {
    const [towns, forests] = [inRollOut(10), inRollOut(10, 'forests')]
    const both = users.filter((name) => enforcedFor(towns, name) && enforcedFor(forests, name))
    expect(both.length / users.length).toBeGreaterThan(0.005)
    expect(both.length / users.length).toBeLessThan(0.015)
  })

  test('reaches the same in every version, so that no update of one process of several moves anybody', () => {
    const reached = ['user:alice', 'user:bob', 'ip:192.0.2.1', 'ip:2001:db8::/64', 'everyone', 'user:ünï'].map((name) =>
      [1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100].find((percent) => enforcedFor(inRollOut(percent), name)),
    )
    expect(reached).toMatchInlineSnapshot(`
      [
        60,
        50,
        50,
        50,
        80,
        90,
      ]
    `)
  })
})
