import { fakeClock } from 'spillway/testing'
import { expect, test } from 'vitest'
import { testGateway } from './support/gateway.js'
import { upstreamServer } from './support/servers.js'

const KEY = 'k-very-secret-key'

async function limited(rule: Record<string, unknown> = {}) {
  const clock = fakeClock()
  const upstream = await upstreamServer((_request, response) => response.end())
  const gateway = await testGateway(
    {
      upstream: upstream.url,
      identity: [{ header: { name: 'x-api-key', groups: { [KEY]: 'admin' } } }, { ip: {} }],
      rules: [{ name: 'towns', path: '/**', quotas: '1/hour', ...rule }],
    },
    { clock },
  )
  const ask = () =>
    fetch(`${gateway.address.url}/towns?token=secret`, { headers: { 'x-api-key': KEY, cookie: 'secret' } })
  const lines = (message: string) => gateway.lines.filter(({ msg }) => msg === message)
  return { clock, gateway, ask, denials: () => lines('refused'), wouldBe: () => lines('would refuse') }
}

test('a denial is one line: its rule, who asked and for what, and no credential', async () => {
  const { ask, gateway, denials } = await limited()
  await ask()
  await ask()

  expect(denials()).toEqual([
    expect.objectContaining({
      verdict: 'deny',
      rule: 'towns',
      decision: 'denied',
      method: 'GET',
      path: '/towns',
      group: 'admin',
    }),
  ])
  expect(String(denials()[0]?.who)).toMatch(/^key:.{1,12}$/)
  expect(JSON.stringify(gateway.lines)).not.toContain('secret')
})

test('above ten a second on one rule denials are left out, and the next line says how many', async () => {
  const { ask, clock, denials } = await limited()
  for (let i = 0; i < 16; i++) await ask()
  expect(denials()).toHaveLength(10)

  clock.advance('1s')
  await ask()
  expect(denials()).toHaveLength(11)
  expect(denials().at(-1)).toMatchObject({ leftOut: 5 })
})

test('what is on trial would have refused is a line of its own, with what became of the request', async () => {
  const { ask, denials, wouldBe } = await limited({ quotas: '2/hour', candidate: '1/hour' })
  for (let i = 0; i < 3; i++) await ask()

  const line = { rule: 'towns', mode: 'candidate', decision: 'denied', method: 'GET', path: '/towns', group: 'admin' }
  expect(wouldBe()).toEqual([
    expect.objectContaining({ ...line, verdict: 'allow' }),
    expect.objectContaining({ ...line, verdict: 'deny' }),
  ])
  expect(denials()).toHaveLength(1)
  expect(JSON.stringify(wouldBe())).not.toContain('secret')
})

test('lines of what is on trial are sampled apart from denials', async () => {
  const { ask, clock, denials, wouldBe } = await limited({ candidate: '1/day' })
  for (let i = 0; i < 16; i++) await ask()
  expect([denials().length, wouldBe().length]).toEqual([10, 10])

  clock.advance('1s')
  await ask()
  expect(wouldBe().at(-1)).toMatchObject({ leftOut: 5 })
})

test('start and stop are lines', async () => {
  const { gateway } = await limited()
  await gateway.stop()

  expect(gateway.lines.map(({ msg }) => msg)).toEqual(['started', 'stopping', 'stopped'])
})

test('a request that the upstream does not answer is a line: for what it was, and no query', async () => {
  const upstream = await upstreamServer((request) => request.socket.destroy())
  const gateway = await testGateway({ upstream: upstream.url, rules: [{ path: '/towns', quotas: '9/s' }] })
  await fetch(`${gateway.address.url}//Towns/?token=secret`, { method: 'DELETE' })

  expect(gateway.lines.filter(({ msg }) => msg === 'no whole answer from the upstream')).toEqual([
    expect.objectContaining({ reason: 'reset', begun: false, path: '/towns', method: 'DELETE' }),
  ])
  expect(JSON.stringify(gateway.lines)).not.toContain('secret')
})
