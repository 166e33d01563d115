import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { everything } from './everything.fixture.js'
import { parsePolicy } from './parse-policy.js'
import { policySchema } from './policy-schema.js'
import { re2 } from './regex.js'

const validate = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(policySchema())

const layered = {
  layers: [
    { name: 'client', partition: 'ip', rules: [{ path: '/**', quotas: ['1/s'] }] },
    { rules: [{ path: '/**', quotas: '9/s', partition: 'everyone' }] },
  ],
  listen: '127.0.0.1:8080',
  upstream: 'http://127.0.0.1:3000',
  denied: { body: 'text' },
  store: 'memory',
}

const TEXTS = `/ /a /a/:id /a/** /a/**/b a/b /a?b 10/minute 10/M 1/s;2/m 0/day 10 10per2hours 60s 1m30s 0s 60 1ms 0.5s 10%
 0% 100% 0.5% unlimited Unlimited UTC Europe/Berlin ip user header:x header: claim:org GET get * memory redis://a redis://
 rediss://u:p@a:1/2 http://a https://a:3/ ftp://a 127.0.0.1:80 localhost:80 :80 [::]:80 0 8080 4xx 401 10.0.0.0/8 HS256 none
 deny allow local shadow enforce token-bucket fixed-window sliding-window first clock day month é Authorization draft`

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', 'x y', 'a'.repeat(65), ...TEXTS.split(/\s+/)) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, -1, 0.5, 2, 64, 129, 400, 429, 599, 600, 1001, 2 ** 52, 2 ** 53) },
  fc.constantFrom(
    true,
    false,
    null,
    [],
    {},
    ['/a'],
    [1],
    [{}],
    { limit: 1 },
    { for: '1s' },
    ['10/m', '1/s'],
    ['ip', 'path'],
  ),
)

/** A policy in which one value, somewhere, has become another, or is gone, or has got a neighbour. */
const policy = fc
  .record({
    from: fc.constantFrom<object>(everything, layered),
    at: fc.nat(),
    what: fc.constantFrom('put', 'put', 'put', 'remove', 'add'),
    key: fc.constantFrom(
      'path',
      'regex',
      'window',
      'every',
      'burst',
      'secret',
      'jwks',
      'cluster',
      'rules',
      'by',
      'cost',
    ),
    value,
  })
  .map(({ from, at, what, key, value }) => {
    const changed = structuredClone(from)
    const places = placesIn(changed)
    const { parent, key: there } = places[at % places.length]!
    if (what === 'put' || Array.isArray(parent)) parent[there] = value
    else if (what === 'remove') delete parent[there]
    else parent[key] = value
    return changed
  })

type Parent = Record<string, unknown>

function placesIn(parent: object): { readonly parent: Parent; readonly key: string }[] {
  return Object.entries(parent).flatMap(([key, value]) => [
    { parent: parent as Parent, key },
    ...(typeof value === 'object' && value !== null ? placesIn(value) : []),
  ])
}

test('the JSON Schema takes whatever the parser takes: an editor marks no sound policy', () => {
  let sound = 0
  fc.assert(
    fc.property(policy, (changed) => {
      if (!parses(changed)) return
      sound++
      expect(validate(changed), JSON.stringify(validate.errors)).toBe(true)
    }),
    { numRuns: 5_000 },
  )
  expect(sound).toBeGreaterThan(500)
})

test.each([
  ['neither rules nor layers', { listen: '127.0.0.1:8080' }],
  ['rules beside layers', { ...layered, rules: everything.rules }],
  ['a token without a key', { ...everything, identity: [{ jwt: { algorithms: ['HS256'] } }] }],
  [
    'a token with two keys',
    { ...everything, identity: [{ jwt: { algorithms: ['HS256'], secret: 's', jwks: 'https://a' } }] },
  ],
  ['a Redis that is nowhere', { ...everything, store: { redis: { prefix: 'towns:' } } }],
])('the JSON Schema refuses %s, as the parser does', (_, refused) => {
  expect(parses(refused)).toBe(false)
  expect(validate(refused)).toBe(false)
})

function parses(input: object): boolean {
  try {
    parsePolicy(input, { regex: re2 })
    return true
  } catch {
    return false
  }
}
