import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ruleLookup } from './lookup.js'
import { misfits } from './misfits.js'
import { parsePolicy } from './parse-policy.js'
import type { Rule } from './policy.js'
import type { RuleInput } from './policy-input.js'
import { re2 } from './regex.js'

function ruleOf(input: object): Rule {
  const { layers } = parsePolicy({ rules: [{ quotas: '1/second', ...input } as RuleInput] }, { regex: re2 })
  return layers[0]?.rules[0] as Rule
}

describe('misfits', () => {
  test('names all that keeps a rule from a request, in the words of the rule', () => {
    const rule = ruleOf({ path: '/users/:id', method: ['GET', 'POST'], group: 'admin' })

    expect(misfits(rule, '/users/1', 'GET', 'admin', false)).toEqual([])
    expect(misfits(rule, '/towns', 'PUT', 'default', false)).toEqual([
      { what: 'path', wants: '/users/:id' },
      { what: 'method', wants: 'GET, POST, HEAD' },
      { what: 'group', wants: 'admin' },
    ])
  })

  test('wants OPTIONS to be named for a preflight', () => {
    expect(misfits(ruleOf({ path: '/towns' }), '/towns', 'OPTIONS', 'default', true)).toEqual([
      { what: 'preflight', wants: 'OPTIONS' },
    ])
    expect(misfits(ruleOf({ path: '/towns', method: 'OPTIONS' }), '/towns', 'OPTIONS', 'default', true)).toEqual([])
    expect(misfits(ruleOf({ path: '/towns' }), '/towns', 'OPTIONS', 'default', false)).toEqual([])
  })

  test('are none exactly where the look-up of rules finds the rule', () => {
    const rules = fc.record(
      {
        path: fc.constantFrom('/a', '/a/:x', '/:x', '/**', '/a/**', '/A/b/'),
        group: fc.constantFrom('default', 'admin', ['admin', 'staff']),
        method: fc.constantFrom('GET', 'OPTIONS', ['POST', 'GET']),
        mode: fc.constantFrom('enforce', 'shadow'),
      },
      { requiredKeys: ['path'] },
    )
    fc.assert(
      fc.property(
        fc.oneof(rules, fc.constantFrom({ regex: '/a' }, { regex: '/.*/b' })),
        fc.constantFrom('/', '/a', '/a/b', '/b/a', '/a/b/c', '*'),
        fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS'),
        fc.constantFrom('default', 'admin'),
        fc.boolean(),
        (input, path, method, group, asksFirst) => {
          const rule = ruleOf(input)
          const preflight = asksFirst && method === 'OPTIONS'
          const lookup = ruleLookup({ name: 'rules', rules: [rule] })
          const applies = misfits(rule, path, method, group, preflight).length === 0
          expect(lookup.find(path, method, group, preflight) === rule).toBe(applies && rule.mode === 'enforce')
          expect(lookup.shadows(path, method, group, preflight).includes(rule)).toBe(applies && rule.mode === 'shadow')
        },
      ),
      { numRuns: 500 },
    )
  })
})
