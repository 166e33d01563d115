import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { parsePolicy } from 'spillway'
import { fakeClock } from 'spillway/testing'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from './support/folder.js'
import { testGateway } from './support/gateway.js'
import { socketServer, upstreamServer } from './support/servers.js'

const ADMIN = { listen: '127.0.0.1:0', token: 'a-token-for-tests' }

/** A gateway with an upstream, and what puts rules in force with the rest of the policy unchanged. */
async function reloadable(first: Record<string, unknown>, options: Parameters<typeof testGateway>[1] = {}) {
  const upstream = await upstreamServer((_request, response) => response.end('ok'))
  const fixed = { upstream: upstream.url, admin: ADMIN }
  const gateway = await testGateway({ ...fixed, ...first }, options)
  const reload = (next: Record<string, unknown>) =>
    gateway.reload(() => parsePolicy({ listen: '127.0.0.1:0', ...fixed, ...next }))
  const get = (path: string, headers: Record<string, string> = {}) => fetch(gateway.address.url + path, { headers })
  const metrics = async () => (await fetch(`${gateway.admin?.url}/metrics`)).text()
  return { gateway, upstream: upstream.url, reload, get, metrics }
}

const towns = (quotas: string) => ({ rules: [{ name: 'towns', path: '/towns', quotas }] })

describe('another policy', () => {
  test('holds from the next request on, and the units that were spent stay spent', async () => {
    const { reload, get } = await reloadable(towns('3/hour'), { clock: fakeClock() })
    for (const status of [200, 200, 200, 429]) expect((await get('/towns')).status).toBe(status)

    await reload(towns('5/hour'))
    expect((await get('/towns')).headers.get('ratelimit')).toMatch(/^"towns";r=1;/)
    expect((await get('/towns')).status).toBe(200)
    expect((await get('/towns')).status).toBe(429)

    await reload(towns('4/hour'))
    expect((await get('/towns')).headers.get('ratelimit-policy')).toBe('"towns";q=4;w=3600')
  })

  test('may add rules and take them away', async () => {
    const { reload, get } = await reloadable(towns('100/hour'))
    await reload({ rules: [{ name: 'forests', path: '/forests', quotas: '1/hour' }] })

    expect((await get('/towns')).headers.has('ratelimit')).toBe(false)
    expect((await get('/forests')).status).toBe(200)
    expect((await get('/forests')).status).toBe(429)
  })

  test('may know other keys', async () => {
    const keys = (groups: Record<string, string>) => ({
      anonymous: 'deny',
      identity: [{ header: { name: 'x-api-key', groups } }],
      rules: [{ path: '/**', quotas: '9/hour' }],
    })
    const { reload, get } = await reloadable(keys({ old: 'user' }))
    expect((await get('/', { 'x-api-key': 'new' })).status).toBe(401)

    await reload(keys({ new: 'user' }))
    expect((await get('/', { 'x-api-key': 'new' })).status).toBe(200)
    expect((await get('/', { 'x-api-key': 'old' })).status).toBe(401)
  })

  test('ends no block', async () => {
    const blocking = (limit: number) => ({
      rules: [{ name: 'login', path: '/login', quotas: `${limit}/second`, block: '10m' }],
    })
    const { reload, get } = await reloadable(blocking(1))
    for (const status of [200, 429]) expect((await get('/login')).status).toBe(status)

    await reload(blocking(1000))
    expect((await get('/login')).status).toBe(429)
  })

  test('is whole: a request goes by the one or by the other', async () => {
    const version = (n: number) => ({
      rules: [{ name: `rule-of-${n}`, path: '/**', quotas: `${n}/hour` }],
      headers: 'both',
    })
    const { reload, get } = await reloadable(version(10_000))
    let ended = false
    const seen = new Set<string>()
    const clients = Array.from({ length: 8 }, async () => {
      while (!ended) {
        const { headers } = await get('/towns')
        seen.add(`${headers.get('ratelimit-policy')} ${headers.get('x-ratelimit-limit')}`)
      }
    })
    for (let n = 10_001; n < 10_030; n++) {
      await reload(version(n))
      await get('/towns')
    }
    ended = true
    await Promise.all(clients)

    expect(seen.size).toBeGreaterThan(10)
    for (const each of seen) expect(each).toMatch(/^"rule-of-(\d+)";q=\1;w=3600 \1$/)
  })
})

test('a request that is being answered is settled by the policy that it came under', async () => {
  const arrivals: (() => void)[] = []
  const upstream = await upstreamServer((_request, response) => {
    arrivals.push(() => {
      response.statusCode = 500
      response.end()
    })
  })
  const rule = { name: 'towns', path: '/towns', quotas: '2/hour' }
  const gateway = await testGateway({
    upstream: upstream.url,
    rules: [{ ...rule, charge: { when: 'response', on: '2xx' } }],
  })
  const first = fetch(`${gateway.address.url}/towns`)
  await expect.poll(() => arrivals.length).toBe(1)

  await gateway.reload(() => parsePolicy({ listen: '127.0.0.1:0', upstream: upstream.url, rules: [rule] }))
  arrivals[0]?.()
  expect((await first).status).toBe(500)
  const second = fetch(`${gateway.address.url}/towns`)
  await expect.poll(() => arrivals.length).toBe(2)
  arrivals[1]?.()
  expect((await second).headers.get('ratelimit')).toMatch(/^"towns";r=1;/)
})

describe('a policy that cannot be used', () => {
  test('leaves the one before in force, and is told of in the log, the status and the metrics', async () => {
    const { gateway, reload, get, metrics } = await reloadable(towns('1/hour'))
    expect(await metrics()).toContain('spillway_policy_last_reload_successful 1')
    await expect(reload({ rules: [{ path: '/towns', quotas: '0/day' }] })).rejects.toThrow('rules[0].quotas')

    expect((await get('/towns')).headers.get('ratelimit-policy')).toBe('"towns";q=1;w=3600')
    expect(gateway.lines.at(-1)).toMatchObject({
      level: 50,
      msg: 'the new policy cannot be used; the one before stays in force',
      reason: expect.stringContaining('rules[0].quotas'),
    })
    expect(await metrics()).toContain('spillway_policy_last_reload_successful 0')
    const headers = { authorization: `Bearer ${ADMIN.token}` }
    const status = await (await fetch(`${gateway.admin?.url}/api/v1/status`, { headers })).json()
    expect(status).toMatchObject({ policy: { rules: 1, lastReload: 'refused' } })

    await reload(towns('2/hour'))
    expect(await metrics()).toContain('spillway_policy_last_reload_successful 1')
  })

  test('is one that is to listen, forward, or count elsewhere', async () => {
    const { reload, get } = await reloadable(towns('1/hour'))
    const elsewhere = {
      listen: '127.0.0.1:1',
      upstream: 'http://127.0.0.1:1',
      admin: { listen: '127.0.0.1:1' },
      store: 'redis://127.0.0.1:1',
    }
    for (const [key, value] of Object.entries(elsewhere)) {
      await expect(reload({ ...towns('2/hour'), [key]: value })).rejects.toThrow(
        `\`${key}\` cannot change while the gateway runs: restart it`,
      )
    }
    expect((await get('/towns')).headers.get('ratelimit-policy')).toBe('"towns";q=1;w=3600')
  })

  test('is one whose file of `denied.body` is not there', async () => {
    const { reload, get } = await reloadable(towns('1/hour'))
    const denied = { body: { file: 'missing.html', contentType: 'text/html' } }
    await expect(reload({ ...towns('2/hour'), denied })).rejects.toThrow('missing.html')
    expect((await get('/towns')).headers.get('ratelimit-policy')).toBe('"towns";q=1;w=3600')
  })
})

test('the file of `denied.body` is read anew', async () => {
  const folder = temporaryFolder()
  const policy = { ...towns('1/hour'), denied: { body: { file: 'denied.txt', contentType: 'text/plain' } } }
  writeFileSync(join(folder, 'denied.txt'), 'later')
  const { reload, get } = await reloadable(policy, { baseDirectory: folder })
  await get('/towns')
  expect(await (await get('/towns')).text()).toBe('later')

  writeFileSync(join(folder, 'denied.txt'), 'much later')
  await reload(policy)
  expect(await (await get('/towns')).text()).toBe('much later')
})

test('a slower upstream may be waited for longer', async () => {
  const slow = createServer((_request, response) => setTimeout(() => response.end('ok'), 300)).listen(0, '127.0.0.1')
  await once(slow, 'listening')
  const { port } = slow.address() as { port: number }
  const waiting = (timeout: string) => ({ upstream: { url: `http://127.0.0.1:${port}`, timeout } })
  const gateway = await testGateway(waiting('100ms'))
  expect((await fetch(gateway.address.url)).status).toBe(504)

  const rules = [{ path: '/**', quotas: 'unlimited' }]
  await gateway.reload(() => parsePolicy({ listen: '127.0.0.1:0', rules, ...waiting('10s') }))
  expect((await fetch(gateway.address.url)).status).toBe(200)
  slow.close()
})

test('an upstream may take longer to connect to', async () => {
  const silent = (await socketServer(() => undefined)).replace('http:', 'https:')
  const waiting = (timeout: string) => ({ upstream: { url: silent, timeout } })
  const gateway = await testGateway(waiting('50ms'))
  const rules = [{ path: '/**', quotas: 'unlimited' }]
  await gateway.reload(() => parsePolicy({ listen: '127.0.0.1:0', rules, ...waiting('1500ms') }))

  const startedAt = performance.now()
  expect((await fetch(gateway.address.url)).status).toBe(504)
  expect(performance.now() - startedAt).toBeGreaterThan(1490)
})

test('attempts are made one after the other, in order', async () => {
  const { gateway, upstream, get } = await reloadable(towns('1/hour'))
  const policy = (quotas: string) => parsePolicy({ listen: '127.0.0.1:0', upstream, admin: ADMIN, ...towns(quotas) })
  const slow = gateway.reload(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100))
    return policy('2/hour')
  })
  const failing = gateway.reload(() => Promise.reject(new Error('no file')))
  const quick = gateway.reload(() => policy('3/hour'))

  await expect(failing).rejects.toThrow('no file')
  await Promise.all([slow, quick])
  expect((await get('/towns')).headers.get('ratelimit-policy')).toBe('"towns";q=3;w=3600')
})

test('what was counted of a rule is counted on, that of a rule which is gone stays', async () => {
  const { reload, get, metrics } = await reloadable(towns('9/hour'))
  await get('/towns')
  await reload({ rules: [...towns('5/hour').rules, { name: 'forests', path: '/forests', quotas: '9/hour' }] })
  await get('/towns')
  expect(await metrics()).toContain('spillway_decisions_total{rule="towns",mode="enforce",kind="allowed"} 2')
  expect(await metrics()).toContain('spillway_decisions_total{rule="forests",mode="enforce",kind="allowed"} 0')

  await reload({ rules: [{ name: 'forests', path: '/forests', quotas: '9/hour' }] })
  expect(await metrics()).toContain('spillway_decisions_total{rule="towns",mode="enforce",kind="allowed"} 2')
})
