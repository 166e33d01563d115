import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sharedFolder } from '../../test/support/folder.js'
import { recordingTerminal } from '../terminal/terminal.fixture.js'
import type { ExplainOptions } from './explain.js'
import { explain } from './explain.js'
import { schemaFaults } from './schema.fixture.js'

const POLICY = `
identity:
  - header: { name: x-api-key, groups: { k-very-secret-key: admin } }
  - ip: { trustedProxies: [127.0.0.0/8] }
rules:
  - { name: admins, path: /**, group: admin, quotas: unlimited }
  - { name: tried, path: /towns, quotas: 1/hour, mode: shadow }
  - { name: towns, path: /towns, method: [GET, POST], quotas: [1/second, { limit: 20, window: 1m, algorithm: token-bucket }], block: 5m }
  - { name: rest, path: /**, quotas: 10/second }
`

const folder = sharedFolder()

async function explained(words: readonly [string?, string?], options: Partial<ExplainOptions> = {}, text = POLICY) {
  const policy = join(folder, 'p.yaml')
  await writeFile(policy, text)
  const terminal = recordingTerminal()
  const code = await explain(words[0], words[1], { policy, header: [], ...options }, {}, terminal)
  return { code, out: terminal.outs.join('\n'), err: terminal.errs.join('\n').replaceAll(policy, 'p.yaml') }
}

test('a request is explained from its path to the fields of its answer', async () => {
  expect(await explained(['GET', '//TOWNS/?token=secret'], { from: '203.0.113.7' })).toEqual({
    code: 0,
    err: '',
    out: `GET /towns

identity
  - header: there is no x-api-key
  + ip: the address of the connection
  = ip:203.0.113.7, group default

layer rules
  - admins (rules[0]): wants group admin
  ~ tried (rules[1]): matches in shadow, is passed over; allowed: 1 unit of ip:203.0.113.7 in zone tried*shadow
      tried: 1 in 1 hour (sliding-window): 0 left, more in 1 hour
  + towns (rules[2]): applies; allowed: 1 unit of ip:203.0.113.7 in zone towns
      towns-1s: 1 in 1 second (sliding-window): 0 left, more in 1 second
      towns-60s: 20 in 1 minute (token-bucket, at most 20 at once): 19 left, more in 3 seconds
  . rest (rules[3]): not asked, as one before it applies

verdict: allow
answer: passes, with the fields
  RateLimit-Policy: "towns-1s";q=1;w=1, "towns-60s";q=20;w=60
  RateLimit: "towns-1s";r=0;t=1, "towns-60s";r=19;t=3`,
  })
})

test('a policy without sources is said to have none', async () => {
  const { out } = await explained(['GET', '/'], { from: '203.0.113.7' }, 'rules: [{ path: /**, quotas: 1/second }]')
  expect(out).toContain('\n\nidentity\n  = ip:203.0.113.7, group default (the policy names no source)\n\nlayer')
})

test('a path is text: the rule and the request of it are those that clients send in UTF-8', async () => {
  const policy = 'rules: [{ name: cities, path: /städte, quotas: 1/second }]'

  for (const target of ['/städte', '/st%C3%A4dte']) {
    const { out } = await explained(['GET', target], {}, policy)
    expect(out).toMatch(/^GET \/st%C3%A4dte\n/)
    expect(out).toContain('cities (rules[0]): applies')
  }
})

test('a key is told by the start of its hash, and nothing that was given as a header is printed', async () => {
  const { out } = await explained(['GET', '/towns'], { header: ['X-API-Key: k-very-secret-key', 'Cookie: secret'] })

  expect(out).toMatch(
    /\+ header: x-api-key holds a known key\n {2}\. ip: not asked, as header had answered\n {2}= key:[\w-]{12}, group admin\n/,
  )
  expect(out).toContain('+ admins (rules[0]): applies; unlimited, nothing is counted')
  expect(out).not.toMatch(/secret/)
})

test('what is on trial is told below its rule, and which partitions a roll-out has reached', async () => {
  const text = `rules:
  - { name: new, path: /**, quotas: 5/minute, enforce: 0.001% }
  - { name: old, path: /**, quotas: 10/minute, candidate: 5/minute, enforce: 100% }
`
  const { out } = await explained(['GET', '/'], { from: '203.0.113.7' }, text)

  expect(out).toContain(`layer rules
  ~ new (rules[0]): enforced for 0.001% of the partitions, not for this one, is passed over; allowed: 1 unit of ip:203.0.113.7 in zone new*shadow
      new: 5 in 1 minute (sliding-window): 4 left, more in 1 minute
  + old (rules[1]): applies (enforced for 100% of the partitions, this one too); allowed: 1 unit of ip:203.0.113.7 in zone old
      old: 10 in 1 minute (sliding-window): 9 left, more in 1 minute
    ~ candidate: allowed: 1 unit of ip:203.0.113.7 in zone old*candidate
      old: 5 in 1 minute (sliding-window): 4 left, more in 1 minute
`)
})

test('--json prints the same as one object', async () => {
  const { code, out } = await explained(['PUT', '/towns'], { json: true, from: '2001:db8::1' })

  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    path: '/towns',
    identity: { kind: 'ip', user: '2001:db8::/64' },
    layers: [
      { rules: [{}, { outcome: 'shadow' }, { outcome: 'misfit' }, { outcome: 'applies', decision: 'allowed' }] },
    ],
  })
  expect(schemaFaults('explain', JSON.parse(out))).toEqual([])
})

test('what a request holds does nothing to a terminal', async () => {
  const { out } = await explained(['GET', '/\u001b[31m\u202e'], {
    header: ['x-forwarded-for: \u001b]0;x\u0007'],
    from: '127.0.0.1',
  })

  expect(out).toContain('verdict: malformed')
  expect(out).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u)
})

test('a request that nobody is known to send is not told to be malformed: its path is', async () => {
  const text =
    'anonymous: deny\nidentity: [{ header: { name: k, groups: { a: b } } }]\nrules: [{ path: /**, quotas: 1/second }]'
  const { out } = await explained(['GET', '//Towns/'], {}, text)

  expect(out).toMatch(/^GET \/towns\n/)
  expect(out).toContain('verdict: unidentified')
  expect((await explained(['GET', '/%zz'], {}, text)).out).toMatch(/^GET \(malformed\)\n/)
})

test('what a gateway refuses before any rule is explained as its refusal', async () => {
  const text = `${POLICY}listen: 127.0.0.1:8080\nupstream: http://127.0.0.1:3000\n`
  const header = ['x-api-key: one', 'x-api-key: two']

  expect(await explained(['GET', '/towns'], { header }, text)).toEqual({
    code: 0,
    err: '',
    out: `GET (malformed)

verdict: malformed: The request has more than one x-api-key header.
answer: 400, with the fields
  Cache-Control: no-store
  Content-Type: application/problem+json`,
  })
  const { out } = await explained(['get', '/towns'], { json: true }, text)
  expect(JSON.parse(out)).toMatchObject({ verdict: { because: expect.stringContaining('this is not GET.') } })
  expect(schemaFaults('explain', JSON.parse(out))).toEqual([])
})

const WRONG: readonly (readonly [readonly [string?, string?], Partial<ExplainOptions>, string])[] = [
  [['GET'], {}, 'a method and a target'],
  [[], {}, 'a method and a target'],
  [['GET', '/towns'], { from: 'nowhere' }, '--from'],
  [['G T', '/towns'], {}, 'method'],
  [['GET', '/towns'], { header: ['secret'] }, '--header number 1'],
  [['GET', '/towns'], { id: 'x' }, 'leave out the method'],
  [[], { id: 'x', header: ['a: secret'] }, 'leave out --header'],
  [[], { id: 'x', from: '192.0.2.1' }, 'leave out --from'],
  [[], { id: 'x', store: true }, 'leave out --store'],
  [[], { id: ' ', admin: 'http://127.0.0.1:9090', token: 'secret' }, '--id takes the request id of a denial'],
  [[], { id: 'x', token: 'secret' }, '--id needs --admin'],
  [[], { id: 'x', admin: '127.0.0.1:9090', token: 'secret' }, '--admin takes a URL, such as http://127.0.0.1:9090'],
  [['GET', '/towns'], { admin: 'http://127.0.0.1:9090' }, '--admin goes with --id'],
  [['GET', '/towns'], { token: 'secret' }, '--token goes with --id'],
]

test.each(WRONG)(
  'a wrong call %j %j exits with 2, says what is wrong, and repeats no header',
  async (words, options, hint) => {
    const { code, out, err } = await explained(words, options)

    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(hint)
    expect(err).not.toContain('secret')
  },
)

test('a faulty policy is told as check tells it', async () => {
  const { code, err } = await explained(['GET', '/towns'], {}, 'rules:\n  - path: /a\n    quotas: 10/minte\n')
  expect(code).toBe(1)
  expect(err).toMatch(/^p\.yaml:3:5 error rules\[0\]\.quotas/)
})

test('--store of a policy that counts in memory is refused: only its gateway knows', async () => {
  const { code, err } = await explained(['GET', '/towns'], { store: true })
  expect(code).toBe(1)
  expect(err).toContain('counts in memory')
})

test('--store of a Redis that is not there says so, and ends with 1', async () => {
  const { code, err } = await explained(['GET', '/towns'], { store: true }, `${POLICY}store: redis://127.0.0.1:1\n`)
  expect(code).toBe(1)
  expect(err).toMatch(/the store gave no answer \(ERR_SPILLWAY_\w+\)/)
})

test('why a gateway cannot be asked is said, also where no connection was tried', async () => {
  const { code, err } = await explained([], { id: 'x', admin: 'http://127.0.0.1:6000', token: 'secret' })
  expect({ code, err }).toEqual({
    code: 1,
    err: 'spillway: the gateway at http://127.0.0.1:6000 does not answer (bad port)',
  })
})
