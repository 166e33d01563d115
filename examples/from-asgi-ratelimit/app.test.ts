import type { RuleInput } from 'spillway'
import { createGuard, memoryStore } from 'spillway'
import type { AsgiConfig } from 'spillway/compat/asgi-ratelimit'
import { asgiGuard } from 'spillway/compat/asgi-ratelimit'
import { re2 } from 'spillway/regex'
import type { FakeClock } from 'spillway/testing'
import { fakeClock } from 'spillway/testing'
import { describe, expect, it } from 'vitest'
import type { Served } from '../../test/examples/serving.js'
import { serving, started, times } from '../../test/examples/serving.js'
import { application } from './app.js'
import { configurations } from './configuration.js'
import { members } from './identity.js'
import { rules } from './rules.js'

const MIA = { 'x-api-key': 'key-of-mia' }
const NOAH = { 'x-api-key': 'key-of-noah' }
const ADMIN = { 'x-api-key': 'key-of-ada' }

type Scenario = keyof typeof rules & keyof typeof configurations
type Serve = (scenario: Scenario) => Promise<Served & { readonly clock: FakeClock }>

const asPolicy: Serve = async (scenario) => {
  const clock = fakeClock()
  const policy = {
    rules: rules[scenario] satisfies readonly RuleInput[],
    identity: [members],
    anonymous: 'deny',
  } as const
  const guard = createGuard({ ...policy, store: memoryStore({ clock }) })
  return { ...(await serving(application(guard))), clock }
}

const asConfiguration: Serve = async (scenario) => {
  const clock = fakeClock()
  const config: AsgiConfig = configurations[scenario]
  const { guard } = asgiGuard(config, { identity: [members], regex: re2, store: memoryStore({ clock }) })
  return { ...(await serving(application(guard))), clock }
}

describe.each([
  ['rules of a policy', asPolicy],
  ['the configuration as it was', asConfiguration],
])('%s', (_, serve) => {
  it('limit towns to one a second and forests to one a minute, and admins not at all', async () => {
    const { statuses, clock } = await serve('townsAndForests')
    expect(await statuses(['/towns', '/towns', '/forests', '/forests'], MIA)).toEqual([200, 429, 200, 429])
    expect(await statuses(times(5, '/forests'), ADMIN)).toEqual(times(5, 200))
    clock.advance('1s')
    expect(await statuses(['/towns', '/forests'], MIA)).toEqual([200, 429])
    clock.advance('59s')
    expect(await statuses(['/forests'], MIA)).toEqual([200])
  })

  it('give each user a budget', async () => {
    const { statuses } = await serve('townsAndForests')
    expect(await statuses(['/forests', '/forests'], MIA)).toEqual([200, 429])
    expect(await statuses(['/forests'], NOAH)).toEqual([200])
  })

  it('limit to 10 a second and to 200 a minute at once', async () => {
    const { statuses, clock } = await serve('twoWindows')
    for (let second = 0; second < 20; second++) {
      expect(await statuses(times(11, '/towns'), MIA)).toEqual([...times(10, 200), 429])
      clock.advance('1s')
    }
    expect(await statuses(['/towns'], MIA)).toEqual([429])
    clock.advance('40s')
    expect(await statuses(['/towns'], MIA)).toEqual([200])
  })

  it('allow an admin 25 a second, everyone else 10', async () => {
    const { statuses } = await serve('higherForAdmins')
    expect(await statuses(times(11, '/towns'), MIA)).toEqual([...times(10, 200), 429])
    expect(await statuses(times(26, '/towns'), ADMIN)).toEqual([...times(25, 200), 429])
  })

  it('count all pages of users in one zone', async () => {
    const { statuses, clock } = await serve('sharedZone')
    expect(await statuses([...times(100, '/user/1'), ...times(100, '/user/2'), '/user/3'], MIA)).toEqual([
      ...times(200, 200),
      429,
    ])
    clock.advance('1m')
    expect(await statuses(['/user/3'], MIA)).toEqual([200])
  })

  it('refuse a user for a minute, everywhere, after a sixth request in a second', async () => {
    const { statuses, get, clock } = await serve('blocked')
    expect(await statuses([...times(6, '/towns'), '/forests'], MIA)).toEqual([...times(5, 200), 429, 429])
    expect(await statuses(['/forests'], NOAH)).toEqual([200])
    clock.advance('40s')
    expect((await get('/towns', MIA)).headers['retry-after']).toBe('20')
    clock.advance('20s')
    expect(await statuses(['/towns', '/forests'], MIA)).toEqual([200, 200])
  })

  it('count by method', async () => {
    const { statuses, send } = await serve('byMethod')
    const post = async () => (await send('/towns', { method: 'POST', headers: MIA })).status
    expect([await post(), await post(), await post()]).toEqual([200, 200, 429])
    expect(await statuses(times(11, '/towns'), MIA)).toEqual([...times(10, 200), 429])
  })

  it('answer with a page of the application’s own, which keeps status and Retry-After', async () => {
    const { get } = await serve('townsAndForests')
    await get('/forests', MIA)
    const { status, headers, body } = await get('/forests', MIA)
    expect([status, headers['retry-after'], body]).toEqual([429, '60', 'custom 429 page'])
  })

  it('answer a request of nobody with an error of the application’s own', async () => {
    const { get } = await serve('townsAndForests')
    const { status, body } = await get('/towns', { 'x-api-key': 'invented' })
    expect([status, JSON.parse(body)]).toEqual([401, { message: 'Unauthorized access.' }])
  })
})

describe('a zone of the README', () => {
  it('is shared by all who name it in a policy, but in the old configuration by those with a window in common', () => {
    const { warnings } = asgiGuard(configurations.sharedZone, {
      identity: [members],
      regex: re2,
      strictPaths: true,
      store: memoryStore(),
    })
    expect(warnings.map(({ message }) => message)).toEqual([
      'shares with config["/user/\\\\d+"][0] only windows that both have: one has minute, the other second',
    ])
  })
})

describe('start.ts', () => {
  it('serves towns and forests', async () => {
    const { statuses } = await started('examples/from-asgi-ratelimit/start.ts')
    expect(await statuses(['/forests', '/forests'], MIA)).toEqual([200, 429])
    expect(await statuses(['/towns'])).toEqual([401])
  })
})
