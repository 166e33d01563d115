import { expect, test } from 'vitest'
import { faultsOf, rules } from './faults.fixture.js'

test.each<readonly [fault: string, input: unknown]>([
  ['rules[0]: has neither `path` nor `regex`: for every path write `path: /**`', { rules: [{ quotas: '1/s' }] }],
  ['rules[0].regex: stands beside `path`: a rule has one or the other', rules({ regex: '/a' })],
  [
    'rules[0].regex: the regular expression "(a)\\\\1" cannot be used: it refers back to a group, which takes more than linear time',
    { rules: [{ regex: '(a)\\1', quotas: '1/s' }] },
  ],
  [
    'rules[0].regex: paths have no "ä" but its escape: write "%C3%A4"',
    { rules: [{ regex: '/städte/\\d+', quotas: '1/s' }] },
  ],
  [
    'rules[0].path: the path "towns" can never match: a path begins with a slash: write "/towns"',
    rules({ path: 'towns' }),
  ],
  ['rules[0].path: must be text, not 5: put it in quotes', rules({ path: 5 })],
  [
    'rules[0].path: the path "/a?x=1" can never match: it has a "?"; the query plays no part: leave it out',
    rules({ path: '/a?x=1' }),
  ],
  [
    'rules[0].name: must be 1 to 64 letters, digits or _ . : / - and start with a letter or a digit',
    rules({ name: 'a b' }),
  ],
  [
    'rules[0].name: must be 1 to 64 letters, digits or _ . : / - and start with a letter or a digit',
    rules({ name: 'a'.repeat(65) }),
  ],
  [
    'rules[0].zone: must be 1 to 64 letters, digits or _ . : / - and start with a letter or a digit',
    rules({ zone: 'x*shadow' }),
  ],
  ['rules[0].cost: must be at least 1, not 0', rules({ cost: 0 })],
  ['rules[0].cost: must be a whole number, not text: drop the quotes', rules({ cost: '2' })],
  ['rules[0].cost: is above what its quotas hold, 1: this rule could never admit a request', rules({ cost: 5 })],
  ['rules[0].method: can never match: methods are told apart by letter case, write GET', rules({ method: 'get' })],
  ['rules[0].method: leave `method` out for every method', rules({ method: '*' })],
  ['rules[0].group: is an empty list: it must have at least one item', rules({ group: [] })],
  ['rules[0].group: must be text, not 5: put it in quotes', rules({ group: 5 })],
  ['rules[0].mode: must be one of `enforce`, `shadow`: did you mean `shadow`?', rules({ mode: 'shdow' })],
  ['rules[0].onStoreFailure: must be one of `local`, `allow`, `deny`, not true', rules({ onStoreFailure: true })],
  [
    'rules[0].partition: must be one of user, ip, network, group, path, method, everyone, header:NAME, claim:NAME: did you mean `user`?',
    rules({ partition: 'usr' }),
  ],
  ['rules[0].partition: must name the header, such as header:x-tenant', rules({ partition: 'header:' })],
  ['rules[0].partition[1]: must name the claim, such as claim:org', rules({ partition: ['user', 'claim:'] })],
  [
    'rules[0].partition: must be one of user, ip, network, group, path, method, everyone, header:NAME, claim:NAME',
    rules({ partition: 'session' }),
  ],
  ['rules[0].block: must have a unit, such as 90s: a bare number does not say of what', rules({ block: 90 })],
  ['rules[0].block: must have a unit, such as 60s: a bare number does not say of what', rules({ block: 1.5 })],
  ['rules[0].block: must have a unit, such as 60s: a bare number does not say of what', rules({ block: Number.NaN })],
  ['rules[0].block: must be at least 1 millisecond', rules({ block: '0s' })],
  [
    'rules[0].block.for: is missing: it must be a span of time as text, such as 30s',
    rules({ block: { everywhere: true } }),
  ],
  [
    'rules[0].block.everywhere: must be true or false, not text: drop the quotes',
    rules({ block: { for: '1m', everywhere: 'true' } }),
  ],
  ['rules[0].lease.size: must be at least 2, not 1', rules({ lease: { size: 1, for: '1s' } })],
  [
    'rules[0].lease.size: is above what its quotas hold, 9: it would never be had',
    rules({ quotas: '9/m', lease: { size: 10, for: '1s' } }),
  ],
  [
    'rules[0].lease.size: must be above the cost of one request, 3',
    rules({ quotas: '9/m', cost: 3, lease: { size: 3, for: '1s' } }),
  ],
  [
    'rules[0].lease.for: must be no longer than the window, 1 second: its units count until that much later',
    rules({ quotas: ['9/s', '99/m'], lease: { size: 5, for: '2s' } }),
  ],
  [
    'rules[0].lease.for: must be no longer than an hour: its units count until that much later',
    rules({ quotas: '9/day', lease: { size: 5, for: '2h' } }),
  ],
  [
    'rules[0].lease: is for nothing: the rule is unlimited',
    rules({ quotas: 'unlimited', lease: { size: 5, for: '1s' } }),
  ],
])('says %s', (fault, input) => {
  expect(faultsOf(input)).toEqual([fault])
})
