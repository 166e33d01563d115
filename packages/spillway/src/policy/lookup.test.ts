import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ruleLookup, scanRules } from './lookup.js'
import { parsePolicy } from './parse-policy.js'
import { normalisePath } from './path.js'
import type { Layer, Rule } from './policy.js'
import { re2 } from './regex.js'

function layerOf(rules: readonly object[], strictPaths = false): Layer {
  const written = rules.map((rule) => ({ quotas: '1/second', ...rule }))
  const [layer] = parsePolicy({ strictPaths, rules: written }, { regex: re2 }).layers
  if (layer === undefined) throw new Error('a policy has a layer')
  return layer
}

function found(rules: readonly object[], path: string, method = 'GET', group = 'default', preflight = false) {
  return ruleLookup(layerOf(rules)).find(path, method, group, preflight)?.name
}

describe('ruleLookup', () => {
  test('takes the first rule in the order of the file, whatever kind its path is of', () => {
    const byPattern = { name: 'pattern', path: '/users/:id' }
    const byRegex = { name: 'regex', regex: '/users/\\d+' }
    const literal = { name: 'literal', path: '/users/5' }

    expect(found([byRegex, literal, byPattern], '/users/5')).toBe('regex')
    expect(found([literal, byRegex, byPattern], '/users/5')).toBe('literal')
    expect(found([{ ...byPattern, group: 'admin' }, literal, byRegex], '/users/5')).toBe('literal')
    expect(found([literal, byRegex, byPattern], '/users/x')).toBe('pattern')
    expect(found([literal, byRegex, byPattern], '/towns')).toBeUndefined()
  })

  test('goes on to a later rule where the group or the method is not meant', () => {
    const rules = [
      { name: 'admins', path: '/towns', group: ['admin', 'root'] },
      { name: 'readers', path: '/towns', method: 'GET' },
      { name: 'all', path: '/towns' },
    ]
    expect(found(rules, '/towns', 'GET', 'root')).toBe('admins')
    expect(found(rules, '/towns', 'HEAD')).toBe('readers')
    expect(found(rules, '/towns', 'POST')).toBe('all')
    expect(found(rules, '/towns', 'get')).toBe('all')
  })

  test('finds a CORS preflight only where a rule names OPTIONS', () => {
    const all = { name: 'all', path: '/**' }
    expect(found([all], '/towns', 'OPTIONS', 'default', true)).toBeUndefined()
    expect(found([all], '/towns', 'OPTIONS', 'default', false)).toBe('all')
    expect(
      found([all, { name: 'named', path: '/towns', method: 'OPTIONS' }], '/towns', 'OPTIONS', 'default', true),
    ).toBe('named')
  })

  test('finds the target of `OPTIONS *` under `/**`', () => {
    expect(
      found(
        [
          { name: 'towns', path: '/towns/:id' },
          { name: 'all', path: '/**' },
        ],
        '*',
        'OPTIONS',
      ),
    ).toBe('all')
  })

  test('lists the matching shadow rules before the first enforced one, and searches on past them', () => {
    const layer = layerOf(
      [
        { name: 'stricter', path: '/**', mode: 'shadow' },
        { name: 'elsewhere', path: '/forests', mode: 'shadow' },
        { name: 'towns', path: '/towns' },
        { name: 'too-late', path: '/towns', mode: 'shadow', group: 'admin' },
      ].slice(0, 3),
    )
    const lookup = ruleLookup(layer)

    expect(lookup.find('/towns', 'GET', 'default', false)?.name).toBe('towns')
    expect(lookup.shadows('/towns', 'GET', 'default', false).map(({ name }) => name)).toEqual(['stricter'])
    expect(lookup.shadows('/forests', 'GET', 'default', false).map(({ name }) => name)).toEqual([
      'stricter',
      'elsewhere',
    ])
    expect(lookup.shadows('/forests', 'OPTIONS', 'default', true)).toEqual([])
  })

  test('lists no shadow rule that stands after the first enforced match', () => {
    const layer = layerOf([
      { path: '/towns', group: 'admin' },
      { path: '/towns', mode: 'shadow' },
    ])
    const lookup = ruleLookup(layer)
    expect(lookup.shadows('/towns', 'GET', 'admin', false)).toEqual([])
    expect(lookup.shadows('/towns', 'GET', 'default', false)).toHaveLength(1)
  })

  test('is a plain scan of the rules, only faster', () => {
    const segment = fc.constantFrom('a', 'b', 'C', ':x', '*', 'a%2fb')
    const pattern = fc
      .tuple(fc.array(segment, { maxLength: 3 }), fc.constantFrom('', '/', '/**'))
      .map(([segments, end]) => `/${segments.join('/')}${segments.length === 0 ? end.slice(1) : end}`)
    const rule = fc.record(
      {
        path: pattern,
        group: fc.constantFrom('default', 'admin', ['admin', 'staff']),
        method: fc.constantFrom('GET', 'OPTIONS', ['POST', 'GET']),
        mode: fc.constantFrom('enforce', 'shadow'),
      },
      { requiredKeys: ['path'] },
    )
    const regex = fc.constantFrom({ regex: '/a' }, { regex: '/[ab]/c' }, { regex: '/.*/b' })
    const target = fc
      .array(fc.constantFrom('a', 'b', 'c', 'C', 'd', 'a%2Fb', ''), { maxLength: 4 })
      .map((segments) => `/${segments.join('/')}`)

    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 4, arbitrary: rule }, { weight: 1, arbitrary: regex }), {
          minLength: 1,
          maxLength: 40,
          size: 'max',
        }),
        fc.array(target, { minLength: 5, maxLength: 20 }),
        fc.boolean(),
        fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS'),
        fc.constantFrom('default', 'admin'),
        (rules, targets, strict, method, group) => {
          const layer = reachable(rules, strict)
          const lookup = ruleLookup(layer)
          const paths = ['*', ...targets.map((each) => normalPath(each, strict))]
          const preflight = method === 'OPTIONS' && group === 'admin'
          const indexOf = (rule: Rule | undefined) => (rule === undefined ? undefined : layer.rules.indexOf(rule))
          const answers = paths.map((path) => [
            indexOf(lookup.find(path, method, group, preflight)),
            lookup.shadows(path, method, group, preflight).map(indexOf),
          ])
          const expected = paths.map((path) => {
            const first = indexOf(scanRules(layer.rules, path, method, group, preflight))
            const shadows = layer.rules.slice(0, first).filter((rule) => {
              const enforced: Rule = { ...rule, mode: 'enforce' }
              return rule.mode === 'shadow' && scanRules([enforced], path, method, group, preflight) === enforced
            })
            return [first, shadows.map(indexOf)]
          })
          expect(answers).toEqual(expected)
        },
      ),
      { numRuns: 150 },
    )
  })
})

const parsedRules = new Map<string, readonly Rule[]>()

/** A layer of rules that were parsed one by one, as together some of them may never match, which is a fault of the file. */
function reachable(rules: readonly object[], strict: boolean): Layer {
  return { name: 'rules', rules: rules.flatMap((rule) => parsedOnce(rule, strict)) }
}

function parsedOnce(rule: object, strict: boolean): readonly Rule[] {
  const key = JSON.stringify([rule, strict])
  const parsed = parsedRules.get(key) ?? layerOf([rule], strict).rules
  parsedRules.set(key, parsed)
  return parsed
}

function normalPath(target: string, strict: boolean): string {
  const path = normalisePath(target, { strict })
  if (path.kind === 'malformed') throw new Error(path.reason)
  return path.matched
}
