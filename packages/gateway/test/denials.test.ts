import { expect, test } from 'vitest'
import { explain } from '../src/commands/explain.js'
import { recordingTerminal } from '../src/terminal/terminal.fixture.js'
import { testGateway } from './support/gateway.js'
import { upstreamServer } from './support/servers.js'

const TOKEN = 'a-token-for-tests'
const KEY = 'k-very-secret-key'
const BEARER = { authorization: `Bearer ${TOKEN}` }

async function refusing(denied: Record<string, unknown> = {}) {
  const upstream = await upstreamServer((_request, response) => response.end('upstream'))
  const gateway = await testGateway({
    upstream: upstream.url,
    admin: { listen: '127.0.0.1:0', token: TOKEN },
    identity: [{ header: { name: 'x-api-key', groups: { [KEY]: 'customer' } } }, { ip: {} }],
    denied,
    rules: [
      { name: 'posts', path: '/towns', method: 'POST', quotas: '9/minute' },
      { name: 'towns', path: '/towns', quotas: '1/minute', partition: ['user', 'header:x-tenant'] },
    ],
  })
  const ask = (path = '/towns?token=secret') =>
    fetch(`${gateway.address.url}${path}`, {
      headers: { 'x-api-key': KEY, 'x-tenant': 'tenant-secret', origin: 'http://a' },
    })
  const lastId = () => String(gateway.lines.findLast(({ msg }) => msg === 'refused')?.requestId)
  const api = (path: string, headers: Record<string, string> = BEARER) =>
    fetch(`${gateway.admin?.url}/api/v1/${path}`, { headers })
  return { gateway, ask, api, lastId, admin: gateway.admin?.url ?? '' }
}

test('a denial is explained by the id of its line in the log, as it was then', async () => {
  const { ask, api, lastId } = await refusing()
  await ask()
  const denied = await ask()
  expect(denied.status).toBe(429)
  const explained = await api(`denials/${lastId()}`)

  expect(explained.headers.get('cache-control')).toBe('no-store')
  expect(await explained.json()).toMatchObject({
    id: lastId(),
    at: expect.stringMatching(/^20\d\d-.*Z$/),
    method: 'GET',
    path: '/towns',
    identity: { kind: 'key', group: 'customer' },
    sources: [
      { source: 'header', outcome: 'answered' },
      { source: 'ip', outcome: 'not-asked' },
    ],
    layers: [
      {
        rules: [
          { name: 'posts', outcome: 'misfit', misfits: [{ what: 'method', wants: 'POST' }] },
          { name: 'towns', outcome: 'applies', decision: 'denied', quotas: [{ remaining: 0 }] },
        ],
      },
    ],
    verdict: { kind: 'deny', rule: 'towns' },
    answer: { status: 429, fields: expect.arrayContaining([['RateLimit', denied.headers.get('ratelimit')]]) },
  })
})

test('no credential is in an explanation, in the list, or in the log', async () => {
  const { ask, api, lastId, gateway } = await refusing()
  await ask()
  await ask()
  const texts = await Promise.all(
    [api(`denials/${lastId()}`), api('denials'), api(`denials/${lastId()}`, { ...BEARER, accept: 'text/plain' })].map(
      async (answer) => (await answer).text(),
    ),
  )
  for (const text of [...texts, JSON.stringify(gateway.lines)]) {
    expect(text.length).toBeGreaterThan(50)
    expect(text).not.toMatch(/secret/)
  }
})

test('every refusal is listed, newest first, whatever its kind', async () => {
  const { ask, api } = await refusing()
  await ask()
  await ask()
  await ask('/%zz')

  expect(await (await api('denials')).json()).toMatchObject({
    denials: [
      { verdict: 'malformed', status: 400, method: 'GET' },
      { verdict: 'deny', rule: 'towns', status: 429, path: '/towns', identity: { kind: 'key' } },
    ],
  })
  expect((await api('denials/0123456789abcdef')).status).toBe(404)
})

test('the id is in the answer only where the policy says so, and scripts of other origins may read it', async () => {
  const silent = await refusing()
  await silent.ask()
  expect((await silent.ask()).headers.has('x-request-id')).toBe(false)

  const telling = await refusing({ requestId: true })
  expect((await telling.ask()).headers.has('x-request-id')).toBe(false)
  const { headers } = await telling.ask()
  expect(headers.get('x-request-id')).toBe(telling.lastId())
  expect(headers.get('access-control-expose-headers')).toMatch(/, X-Request-Id$/)
})

test('only who has the token is told, ten wrong ones a minute are heard, and never through the proxy', async () => {
  const { ask, api, lastId, gateway } = await refusing()
  await ask()
  await ask()
  const proxied = await fetch(`${gateway.address.url}/api/v1/denials/${lastId()}`, { headers: BEARER })
  expect(await proxied.text()).toBe('upstream')

  for (let i = 0; i < 10; i++) {
    const wrong = await api(i % 2 === 0 ? 'denials' : `denials/${lastId()}`, { authorization: `Bearer ${i}` })
    expect(wrong.status).toBe(401)
  }
  expect((await api(`denials/${lastId()}`)).status).toBe(429)
})

test('explain --id prints what the gateway tells, by the token of the option or of the environment', async () => {
  const { ask, lastId, admin } = await refusing()
  await ask()
  await ask()
  const run = async (options: Record<string, unknown>, env: NodeJS.ProcessEnv = {}) => {
    const terminal = recordingTerminal()
    const call = { policy: 'spillway.yaml', header: [], id: lastId(), admin, ...options }
    const code = await explain(undefined, undefined, call, env, terminal)
    return { code, out: terminal.outs.join('\n'), err: terminal.errs.join('\n') }
  }

  const { code, out } = await run({ token: TOKEN })
  expect(code).toBe(0)
  expect(out).toMatch(new RegExp(`^Denial ${lastId()} at 20`))
  expect(out).toContain('- posts (rules[0]): wants method POST')
  expect(out).toContain('verdict: deny: rule towns refuses\nanswer: 429')
  expect(JSON.parse((await run({ json: true }, { SPILLWAY_ADMIN_TOKEN: TOKEN })).out)).toMatchObject({ id: lastId() })
  expect(await run({ token: 'wrong' })).toMatchObject({ code: 1, out: '', err: expect.stringContaining('token') })
  expect(await run({ token: TOKEN, id: 'none' })).toMatchObject({ code: 1, err: expect.stringContaining('no denial') })
  expect(await run({ token: TOKEN, admin: 'http://127.0.0.1:1' })).toMatchObject({
    code: 1,
    err: expect.stringContaining('does not answer'),
  })
  expect(await run({})).toMatchObject({ code: 2, err: expect.stringContaining('--token') })
  expect(await run({ token: TOKEN, admin: undefined })).toMatchObject({
    code: 2,
    err: expect.stringContaining('--admin'),
  })
})
