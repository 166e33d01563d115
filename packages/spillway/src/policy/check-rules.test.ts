import { expect, test } from 'vitest'
import { faultsOf, rules } from './faults.fixture.js'

test.each<readonly [fault: string, input: unknown]>([
  ['rules[1].name: a is the name of rules[0] already', rules({ name: 'a' }, { name: 'a', path: '/b' })],
  ['rules[1].name: rule-2 is the name of rules[0] already', rules({ name: 'rule-2' }, { path: '/b' })],
  ['rules[1]: can never match: rules[0] before it takes all of its requests', rules({}, { group: 'admin' })],
  [
    'rules[1]: can never match: rules[0] before it takes all of its requests',
    rules({ path: '/**' }, { path: '/a/:b' }),
  ],
])('says %s', (fault, input) => {
  expect(faultsOf(input)).toEqual([fault])
})

test.each<readonly [why: string, input: unknown]>([
  ['the earlier one is for one group', rules({ group: 'admin' }, {})],
  ['the earlier one is for fewer methods', rules({ method: 'GET' }, { method: ['GET', 'POST'] })],
  ['the earlier one is a shadow rule', rules({ mode: 'shadow' }, {})],
  ['the later one also takes CORS preflights', rules({}, { method: 'OPTIONS' })],
  ['the earlier path is one of many', rules({ path: '/users/me' }, { path: '/users/:id' })],
  ['the later path goes on', rules({ path: '/users/:id' }, { path: '/users/:id/**' })],
  ['a variable is no trailing slash', { strictPaths: true, ...rules({ path: '/a/:b' }, { path: '/a/' }) }],
])('lets a rule stand behind a like one where %s', (_, input) => {
  expect(faultsOf(input)).toEqual([])
})

test.each<readonly [why: string, input: unknown]>([
  ['HEAD counts as GET', rules({ method: 'GET' }, { method: 'HEAD' })],
  ['its groups are all taken', rules({ group: ['a', 'b'] }, { group: 'b' })],
  ['its path is spelled in another way', rules({}, { path: '/%54owns/' })],
  ['a wider path is taken', rules({ path: '/users/**' }, { path: '/users/:id/posts' })],
  ['everything is taken', rules({ path: '/**' }, { path: undefined, regex: '/a' })],
])('refuses a rule that can never match, as %s', (_, input) => {
  expect(faultsOf(input)).toEqual(['rules[1]: can never match: rules[0] before it takes all of its requests'])
})
