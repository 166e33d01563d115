import { expect, test } from 'vitest'
import { faultsOf, rules, top, towns } from './faults.fixture.js'

class Settings {
  readonly rules = [towns]
}

const bucket = (limit: number) => ({ limit, window: '1m', algorithm: 'token-bucket' })

test.each<readonly [fault: string, input: unknown]>([
  ['policy: has no value: it must be an object', null],
  ['policy: must be an object, not text', 'x'],
  ['policy: must be an object, not a list', [towns]],
  ['policy: must be an object, not a Map', new Map()],
  ['policy: must be an object, not an instance of a class', new Settings()],
  ['rules: is missing: a policy has `rules`, or `layers` of them', {}],
  ['layers: stands beside `rules`: a policy has one or the other', top({ layers: [{ name: 'a', rules: [towns] }] })],
  ['rules[0].quotas.windw: unknown key, did you mean `window`?', rules({ quotas: { limit: 1, windw: '1m' } })],
  ['rule: unknown key, did you mean `rules`?', top({ rule: 1 })],
  [
    'zzzzz: unknown key: the keys here are listen, upstream, admin, store, onStoreFailure, identity, anonymous, rules, layers, strictPaths, forwardRawPath, denied, headers, $schema',
    top({ zzzzz: 1 }),
  ],
  ['rules: is an empty list: it must have at least one item', { rules: [] }],
  ['rules: has no value: it must be a list', { rules: null }],
  ['rules: must be a list, not an object', { rules: { a: 1 } }],
  ['rules[0]: has no value: it must be an object', { rules: [null] }],
  [
    'rules[1].quotas: the token buckets of zone z have the same window but differ in limit or burst: make them alike, or give one rule a zone of its own',
    rules({ zone: 'z', quotas: bucket(10) }, { path: '/b', zone: 'z', quotas: bucket(20) }),
  ],
  ['strictPaths: must be true or false, not text: drop the quotes', top({ strictPaths: 'true' })],
  ['strictPaths: must be true or false, not text', top({ strictPaths: 'yes' })],
  ['denied.status: must be at least 400, not 200', top({ denied: { status: 200 } })],
  ['denied.body.contentType: is missing: it must be text', top({ denied: { body: { file: 'x' } } })],
  ['headers: must be one of `draft`, `legacy`, `both`, `none`: did you mean `draft`?', top({ headers: 'drafts' })],
  ['anonymous: must be one of `address`, `deny`', top({ anonymous: 'allow' })],
])('says %s', (fault, input) => {
  expect(faultsOf(input)).toEqual([fault])
})

test('lists every fault of every layer at once', () => {
  const input = JSON.parse(`{
    "strictPaths": 1,
    "constructor": {},
    "layers": [
      { "name": "client", "rules": [{ "__proto__": {} }, { "path": "/a", "quotas": "1/s", "cost": 0 }] },
      { "rulez": [] }
    ]
  }`)
  expect(faultsOf(input).map((fault) => fault.split(/:(?: |$)/)[0])).toEqual([
    'constructor',
    'layers[0].rules[0].__proto__',
    'layers[0].rules[0].quotas',
    'layers[0].rules[1].cost',
    'layers[1].rulez',
    'strictPaths',
  ])
})

test('reads own properties only, and runs no getter', () => {
  const inherited: unknown = Object.create({ rules: [towns] })
  const getter = Object.defineProperty({}, 'rules', {
    enumerable: true,
    get() {
      throw new Error('a getter ran')
    },
  })
  expect(faultsOf(inherited)).toEqual(['policy: must be an object, not an instance of a class'])
  expect(faultsOf(getter)).toEqual(['rules: must be a list, not a function'])
})

test('leaves the prototype of every object as it was', () => {
  faultsOf(JSON.parse('{ "__proto__": { "polluted": 1 }, "rules": [{ "__proto__": { "polluted": 1 } }] }'))
  expect('polluted' in {}).toBe(false)
})
