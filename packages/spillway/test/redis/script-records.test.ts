import { describe, expect, it, vi } from 'vitest'
import type { Decision } from '../../src/core/decision.js'
import { StoreError } from '../../src/core/decision.js'
import { makeQuota } from '../../src/core/make-quota.js'
import { quotas } from '../../src/core/quota-parser.js'
import { DAY, HOUR, SECOND } from '../../src/core/units.js'
import type { CallAnswer } from '../../src/store/calls.js'
import { scripted } from '../../src/store/redis/scripted.js'
import { fakeClock } from '../../src/testing/fake-clock.js'
import type { StoreRule } from '../../src/testing/program.js'
import { chargeOf, ruleOf } from '../../src/testing/program.js'
import { scriptServer } from './script-server.js'

const server = scriptServer()
const given = (prefix: string) => scripted(server().connection, { prefix })
const cli = (...args: string[]) => server().server.cli(...args)

const rule = ruleOf('zone', quotas('5/minute'))
const charge = (partition: string, by: StoreRule = rule, cost = 1) =>
  ({ kind: 'decide', charges: [chargeOf(by, partition, cost)] }) as const

function decisionIn(answer: CallAnswer | undefined): Decision | undefined {
  return Array.isArray(answer) ? answer[0] : undefined
}

describe('a key that is not what it should be', () => {
  it('fails its own call where it holds another type, and keeps what it holds', async () => {
    const calls = given('type:')
    await cli('RPUSH', 'type:{bad}zone', 'a list')
    const answers = await calls.answer([charge('good'), charge('bad'), charge('good')])
    expect(answers[1]).toMatchObject({ code: 'ERR_SPILLWAY_STORE_WRONGTYPE' })
    expect([decisionIn(answers[0]), decisionIn(answers[2])]).toMatchObject([{ remaining: 4 }, { remaining: 3 }])
    expect(await cli('TYPE', 'type:{bad}zone')).toBe('list')
  })

  it('fails its own call where the record is of another version, and loses nothing', async () => {
    await cli('SET', 'version:{user}zone', '\u0002 of a later version')
    const [answer] = await given('version:').answer([charge('user')])
    expect(answer).toMatchObject({ code: 'ERR_SPILLWAY_STORE_VERSION' })
    expect(await cli('GET', 'version:{user}zone')).toBe('\u0002 of a later version')
  })

  it.each(['\u0001', '\u0001 too short', `\u0001${'x'.repeat(20)}`, `\u0001${'x'.repeat(300)}`])(
    'fails its own call where the record is broken: %j',
    async (bytes) => {
      await cli('SET', 'broken:{user}zone', bytes)
      const answers = await given('broken:').answer([charge('user'), charge('other')])
      expect(answers[0]).toBeInstanceOf(StoreError)
      expect((answers[0] as StoreError).code).toBe('ERR_SPILLWAY_STORE_RECORD')
      expect(decisionIn(answers[1])?.kind).toBe('allowed')
    },
  )

  it('takes nothing from the good records of a request that has a bad one', async () => {
    const calls = given('half:')
    await cli('RPUSH', 'half:{bad}zone', 'a list')
    const request = { kind: 'decide', charges: [chargeOf(rule, 'good'), chargeOf(rule, 'bad')] } as const
    expect((await calls.answer([request]))[0]).toBeInstanceOf(StoreError)
    expect(decisionIn((await calls.answer([charge('good')]))[0])).toMatchObject({ remaining: 4 })
  })
})

describe('a record', () => {
  it('lives as long as it says something, and heals where it has lost its time to live', async () => {
    const calls = given('ttl:')
    await calls.answer([charge('user')])
    expect(Number(await cli('PTTL', 'ttl:{user}zone'))).toBeGreaterThan(55_000)
    expect(await cli('PERSIST', 'ttl:{user}zone')).toBe('1')
    await calls.answer([{ kind: 'peek', charges: [chargeOf(rule, 'user')] }])
    expect(Number(await cli('PTTL', 'ttl:{user}zone'))).toBeLessThanOrEqual(60_000)
    expect(Number(await cli('PTTL', 'ttl:{user}zone'))).toBeGreaterThan(50_000)
  })

  it('is not written by a peek or a refund at a partition that has not asked, and is gone after a reset', async () => {
    const calls = given('none:')
    await calls.answer([
      { kind: 'peek', charges: [chargeOf(rule, 'user')] },
      { kind: 'refund', refunds: [{ zone: rule.zone, partition: 'user', cost: 1 }] },
      { kind: 'unblock', zone: rule.zone, partition: 'user' },
    ])
    expect(await cli('EXISTS', 'none:{user}zone')).toBe('0')
    await calls.answer([charge('user'), { kind: 'reset', zone: rule.zone, partition: 'user' }])
    expect(await cli('EXISTS', 'none:{user}zone')).toBe('0')
  })

  it('keeps the counters of another version of the policy, as long as they count', async () => {
    const clock = fakeClock()
    const calls = server().calls(clock)
    const [old, young] = [ruleOf('zone', quotas('5/minute; 9/hour')), ruleOf('zone', quotas('5/minute'))]
    await calls.answer([charge('user', old, 3)])
    clock.advance('30m')
    await calls.answer([charge('user', young)])
    expect(decisionIn((await calls.answer([charge('user', old)]))[0])).toMatchObject({
      quotas: [{ remaining: 3 }, { remaining: 5 }],
    })
  })

  it('takes at most 180 bytes for three quotas that keep no log', async () => {
    const window = { algorithm: 'fixed-window', limit: 1000 } as const
    const three = ruleOf('towns', [
      makeQuota({ algorithm: 'token-bucket', limit: 10, window: SECOND }),
      makeQuota({ ...window, window: HOUR }),
      makeQuota({ ...window, every: 'day' }),
    ])
    await given('spillway:').answer([charge('user:alice', three)])
    expect(Number(await cli('MEMORY', 'USAGE', 'spillway:{user:alice}towns'))).toBeLessThanOrEqual(180)
  })

  it('takes at most 1.5 KB for a full log of 120 entries', async () => {
    const clock = fakeClock()
    const calls = scripted(server().connection, { prefix: 'log:', clock })
    const many = ruleOf('towns', quotas('60000/minute'))
    for (let i = 0; i < 120; i++) {
      clock.advance(400_000)
      await calls.answer([charge('user:alice', many, 499)])
    }
    const bytes = await cli('STRLEN', 'log:{user:alice}towns')
    expect(Number(bytes)).toBe(15 + 18 + 3 + 120 * 9)
    expect(Number(await cli('MEMORY', 'USAGE', 'log:{user:alice}towns'))).toBeLessThanOrEqual(1536)
  })
})

describe('the script', () => {
  it('is sent in full where the server has forgotten it', async () => {
    const calls = given('flush:')
    await calls.answer([charge('user')])
    await cli('SCRIPT', 'FLUSH')
    expect(decisionIn((await calls.answer([charge('user')]))[0])).toMatchObject({ remaining: 3 })
  })

  it('decides thousands of charges on different keys at once', async () => {
    const charges = Array.from({ length: 2_500 }, (_, i) => charge(`user:${i}`))
    const answers = await given('many:').answer([...charges, charge('user:0')])
    expect(decisionIn(answers[2_499])).toMatchObject({ remaining: 4 })
    expect(decisionIn(answers[2_500])).toMatchObject({ remaining: 3 })
  })

  it('counts nothing where the server has no memory left', async () => {
    const calls = given('full:')
    await calls.answer([charge('user')])
    await cli('CONFIG', 'SET', 'maxmemory', '1')
    const error = await calls.answer([charge('user'), charge('other')]).catch((fault: unknown) => fault)
    await cli('CONFIG', 'SET', 'maxmemory', '0')
    expect(error).toMatchObject({ code: 'ERR_SPILLWAY_STORE_OOM' })
    const answers = await calls.answer([charge('user'), charge('other')])
    expect(answers.map(decisionIn)).toMatchObject([{ remaining: 3 }, { remaining: 4 }])
  })

  it('fails a call on a calendar quota where the clocks are further apart than a span', async () => {
    const daily = ruleOf('daily', [makeQuota({ limit: 5, every: 'day' })])
    const calls = given('calendar:')
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      vi.setSystemTime(Date.now() + (3 * DAY) / 1_000)
      const answers = await calls.answer([charge('user', daily), charge('user')])
      expect(answers[0]).toMatchObject({ code: 'ERR_SPILLWAY_STORE_CLOCK' })
      expect(decisionIn(answers[1])?.kind).toBe('allowed')
    } finally {
      vi.useRealTimers()
    }
    expect(decisionIn((await calls.answer([charge('user', daily)]))[0])).toMatchObject({ remaining: 4 })
  })
})

describe('beats', () => {
  it('count the processes that share a store, and forget one that has been silent for three seconds', async () => {
    const clock = fakeClock()
    const options = { prefix: 'beats:', clock }
    const [one, two] = [scripted(server().connection, options), scripted(server().connection, options)]
    expect(await one.beat()).toBe(1)
    expect(await two.beat()).toBe(2)
    clock.advance(2 * SECOND)
    expect(await one.beat()).toBe(2)
    clock.advance(SECOND)
    expect(await one.beat()).toBe(1)
    expect(Number(await cli('PTTL', 'beats:*replicas'))).toBeGreaterThan(0)
  })

  it('forget a process that died as the clock stepped back, and miss one that lives for a beat at most', async () => {
    const clock = fakeClock()
    const started = () => scripted(server().connection, { prefix: 'back:', clock })
    const [one, two, dead] = [started(), started(), started()]
    for (const each of [one, two, dead]) await each.beat()
    clock.advance(-HOUR)
    await one.beat()
    expect(await two.beat()).toBe(2)
    clock.advance(SECOND)
    expect(await one.beat()).toBe(2)
  })

  it('are written where a partition lies, on a cluster', async () => {
    await scripted(server().connection, { prefix: 'beats:', beatsAt: 'user}7' }).beat()
    expect(await cli('EXISTS', 'beats:{user%7D7}*replicas')).toBe('1')
  })
})
