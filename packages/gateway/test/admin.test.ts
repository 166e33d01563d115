import { describe, expect, test } from 'vitest'
import { testGateway } from './support/gateway.js'
import { upstreamServer } from './support/servers.js'

const TOKEN = 'a-token-for-tests'
const BEARER = { authorization: `Bearer ${TOKEN}` }

async function administered(policy: Record<string, unknown> = {}) {
  const upstream = await upstreamServer((request, response) => {
    response.statusCode = request.url === '/healthz' ? 418 : 200
    response.end('upstream')
  })
  const gateway = await testGateway({
    upstream: upstream.url,
    admin: { listen: '127.0.0.1:0', token: TOKEN },
    rules: [
      { name: 'tried', path: '/towns', quotas: '1/day', mode: 'shadow' },
      { name: 'towns', path: '/towns', quotas: '1/minute' },
      { name: 'rest', path: '/**', quotas: 'unlimited' },
    ],
    ...policy,
  })
  return { gateway, admin: gateway.admin?.url ?? '', front: gateway.address.url }
}

describe('the admin listener', () => {
  test('tells anyone that it is alive and ready', async () => {
    const { admin } = await administered()

    expect((await fetch(`${admin}/healthz`)).status).toBe(200)
    expect((await fetch(`${admin}/readyz`)).status).toBe(200)
    expect((await fetch(`${admin}/nothing`)).status).toBe(404)
  })

  test('tells only who has the token about the gateway', async () => {
    const { admin } = await administered()
    const bare = await fetch(`${admin}/api/v1/status`)
    expect(bare.status).toBe(401)
    expect(bare.headers.get('www-authenticate')).toBe('Bearer')
    expect(bare.headers.get('content-type')).toBe('application/problem+json')
    expect((await fetch(`${admin}/api/v1/status`, { headers: { authorization: `Bearer ${TOKEN}x` } })).status).toBe(401)

    const status = await fetch(`${admin}/api/v1/status`, { headers: BEARER })
    expect(status.headers.get('access-control-allow-origin')).toBeNull()
    expect(await status.json()).toMatchObject({ policy: { layers: 1, rules: 3 }, store: { partitions: 0 } })
    expect(await (await fetch(`${admin}/api/v1/rules`, { headers: BEARER })).json()).toMatchObject({
      rules: [
        { mode: 'shadow' },
        { name: 'towns', path: '/towns', quotas: [{ limit: 1, window: '1 minute' }] },
        { quotas: [] },
      ],
    })
  })

  test('hears no more tokens from an address that has tried ten wrong ones, not even the right one', async () => {
    const { admin } = await administered()
    const attempt = (authorization: string) => fetch(`${admin}/api/v1/status`, { headers: { authorization } })
    for (let i = 0; i < 10; i++) expect((await attempt(`Bearer ${i}`)).status).toBe(401)
    const refused = await attempt(`Bearer ${TOKEN}`)

    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await fetch(`${admin}/healthz`)).status).toBe(200)
  })

  test('hears the right token however often somebody has asked without any', async () => {
    const { admin } = await administered()
    for (let i = 0; i < 12; i++) expect((await fetch(`${admin}/api/v1/status`)).status).toBe(401)

    expect((await fetch(`${admin}/api/v1/status`, { headers: BEARER })).status).toBe(200)
  })

  test('without a token in the policy serves nothing under /api/', async () => {
    const { admin } = await administered({ admin: { listen: '127.0.0.1:0' } })

    expect((await fetch(`${admin}/api/v1/status`)).status).toBe(401)
    expect((await fetch(`${admin}/api/v1/status`, { headers: { authorization: 'Bearer undefined' } })).status).toBe(401)
  })

  test('changes nothing: only GET and HEAD are served', async () => {
    const { admin } = await administered()
    const posted = await fetch(`${admin}/api/v1/status`, { method: 'POST', headers: BEARER })

    expect(posted.status).toBe(405)
    expect(posted.headers.get('allow')).toBe('GET, HEAD')
    const head = await fetch(`${admin}/healthz`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  test('cannot be reached through the proxy', async () => {
    const { front } = await administered()

    expect((await fetch(`${front}/healthz`)).status).toBe(418)
    expect(await (await fetch(`${front}/api/v1/status`, { headers: BEARER })).text()).toBe('upstream')
  })
})

test('metrics count decisions by rule, mode and kind, those of shadow rules too, and name no user', async () => {
  const { admin, front } = await administered()
  await fetch(`${front}/towns`)
  await fetch(`${front}/towns?token=secret`)
  await fetch(`${front}/%zz`)
  const text = await (await fetch(`${admin}/metrics`)).text()

  expect(text).toContain('spillway_decisions_total{rule="towns",mode="enforce",kind="allowed"} 1\n')
  expect(text).toContain('spillway_decisions_total{rule="towns",mode="enforce",kind="denied"} 1\n')
  expect(text).toContain('spillway_decisions_total{rule="tried",mode="shadow",kind="allowed"} 1\n')
  expect(text).toContain('spillway_verdicts_total{kind="allow"} 1\n')
  expect(text).toContain('spillway_verdicts_total{kind="deny"} 1\n')
  expect(text).toContain('spillway_verdicts_total{kind="malformed"} 1\n')
  expect(text).toContain('spillway_decision_duration_seconds_count 3\n')
  expect(text).toContain('spillway_upstream_duration_seconds_count 1\n')
  expect(text).toContain('spillway_requests_in_flight 0\n')
  expect(text).toMatch(/spillway_partitions 2\n/)
  expect(text).toMatch(/spillway_store_bytes [1-9]\d*\n/)
  expect(text).toMatch(/spillway_store_overflowed_total 0\n/)
  expect(text).toMatch(/spillway_build_info\{version="\d[^"]*",node="v\d+[^"]*"\} 1\n/)
  expect(text).toContain('process_cpu_seconds_total')
  expect(text).not.toMatch(/127\.0\.0\.1|secret/)
})

test('metrics begin at 0 for each rule and kind, so that the first refusal is an increase too', async () => {
  const { admin } = await administered()
  const text = await (await fetch(`${admin}/metrics`)).text()

  expect(text).toContain('spillway_decisions_total{rule="towns",mode="enforce",kind="denied"} 0\n')
  expect(text).toContain('spillway_decisions_total{rule="tried",mode="shadow",kind="blocked"} 0\n')
  expect(text).toContain('spillway_verdicts_total{kind="deny"} 0\n')
  expect(text).toContain('spillway_upstream_errors_total{reason="timeout"} 0\n')
  expect(text.match(/^spillway_(decisions|verdicts|upstream_errors)_total/gm)).toHaveLength(3 * 5 + 5 + 7)
})

test('metrics tell a candidate, and a roll-out where it has not come, from what is in force', async () => {
  const rules = [
    { name: 'tried', path: '/tried', quotas: '2/minute', candidate: '1/minute' },
    { name: 'coming', path: '/staged', quotas: '1/minute', enforce: '0.001%' },
    { name: 'there', path: '/staged', quotas: '1/minute', enforce: '100%' },
  ]
  const { admin, front } = await administered({ rules })
  for (let i = 0; i < 2; i++) await fetch(`${front}/tried`)
  await fetch(`${front}/staged`)
  const text = await (await fetch(`${admin}/metrics`)).text()

  expect(text).toContain('spillway_decisions_total{rule="tried",mode="enforce",kind="allowed"} 2\n')
  expect(text).toContain('spillway_decisions_total{rule="tried",mode="candidate",kind="denied"} 1\n')
  expect(text).toContain('spillway_decisions_total{rule="coming",mode="shadow",kind="allowed"} 1\n')
  expect(text).toContain('spillway_decisions_total{rule="there",mode="enforce",kind="allowed"} 1\n')
  expect(await (await fetch(`${admin}/api/v1/rules`, { headers: BEARER })).json()).toMatchObject({
    rules: [
      { candidate: { quotas: [{ limit: 1 }], zone: 'tried*candidate' } },
      { rolledOutTo: 0.00001 },
      { rolledOutTo: 1 },
    ],
  })
})

test('errors of the upstream are counted by their reason', async () => {
  const { admin, front } = await administered({ upstream: 'http://127.0.0.1:1' })
  await fetch(front)

  expect(await (await fetch(`${admin}/metrics`)).text()).toContain(
    'spillway_upstream_errors_total{reason="refused"} 1\n',
  )
})
