import type { RuleInput } from 'spillway'
import { parsePolicy } from 'spillway'
import { describe, expect, test } from 'vitest'
import type { Judge, Line, Outcome } from './judge.js'
import { judge, lineOf } from './judge.js'
import { drawsUnder } from './policy-draws.js'

const SECOND = 1_000_000
const admitted: Outcome = { kind: 'admitted', status: 200, told: undefined }
const unknown: Outcome = { kind: 'unknown' }
const told = (seconds: number): Outcome => ({ kind: 'refused', wait: seconds * SECOND, rounding: SECOND })

/** Requests of two clients for one target under a rule, and a judge of them. */
async function scene(rule: Partial<RuleInput> = {}) {
  const rules = [{ name: 'towns', path: '/**', quotas: '2/minute', ...rule }]
  const drawsOf = drawsUnder(parsePolicy({ rules, identity: [{ header: { name: 'x-key', verified: true } }] }))
  const line = async (user: string): Promise<Line> => {
    const { draws } = await drawsOf({
      method: 'GET',
      target: '/towns',
      header: (name) => (name === 'x-key' ? user : undefined),
    })
    return lineOf(user, draws)
  }
  return { judging: judge(), mia: await line('mia'), noor: await line('noor') }
}

/** A request that was sent at a second and answered a tenth later. */
function ask(judging: Judge, line: Line, at: number, outcome: Outcome) {
  judging.answered(judging.sent(line, at * SECOND), (at + 0.1) * SECOND, outcome)
}

describe('the judge of Retry-After', () => {
  test('finds one kept that lets the request through when its time has come', async () => {
    const { judging, mia } = await scene()
    ask(judging, mia, 0, told(5))
    ask(judging, mia, 5.2, admitted)
    expect(judging.findings.retryAfter).toMatchObject({ refusals: 1, kept: 1, open: 0, untrue: 0 })
  })

  test('finds one too short that refuses the request again, though nobody drew on its share', async () => {
    const { judging, mia, noor } = await scene()
    ask(judging, mia, 0, told(5))
    ask(judging, noor, 1, admitted)
    ask(judging, mia, 5.2, told(1))
    expect(judging.findings.retryAfter.first).toEqual([
      { line: 'mia', what: 'too-short', told: 5 * SECOND, after: expect.closeTo(5.2 * SECOND, 0) },
    ])
  })

  test('holds against it neither what comes too soon, nor what others drew, nor what may have been drawn', async () => {
    const { judging, mia, noor } = await scene({ partition: 'everyone' })
    ask(judging, mia, 0, told(5))
    ask(judging, mia, 5.09, told(1))
    ask(judging, noor, 6, admitted)
    ask(judging, mia, 9, told(1))
    const underway = judging.sent(noor, 10.5 * SECOND)
    ask(judging, mia, 11, told(1))
    judging.answered(underway, 12 * SECOND, unknown)
    ask(judging, mia, 20, told(1))
    expect(judging.findings.retryAfter).toMatchObject({ untrue: 0, open: 3 })
  })

  test('finds one too long that is let through more than the rounding before its time', async () => {
    const { judging, mia } = await scene()
    ask(judging, mia, 0, told(5))
    ask(judging, mia, 3.8, admitted)
    expect(judging.findings.retryAfter.first).toMatchObject([{ what: 'too-long', told: 5 * SECOND }])
  })

  test('lets one be longer by the second to which it is rounded', async () => {
    const { judging, mia } = await scene()
    ask(judging, mia, 0, told(5))
    ask(judging, mia, 3.95, admitted)
    expect(judging.findings.retryAfter).toMatchObject({ untrue: 0, kept: 0 })
  })

  test('proves nothing too long by a request that was sent before the refusal was heard', async () => {
    const { judging, mia } = await scene()
    const early = judging.sent(mia, 0)
    ask(judging, mia, 0, told(5))
    judging.answered(early, 0.2 * SECOND, admitted)
    expect(judging.findings.retryAfter.untrue).toBe(0)
  })

  test('calls nothing too long where units are given back by the response', async () => {
    const { judging, mia } = await scene({ charge: { when: 'response', on: [401] } })
    ask(judging, mia, 0, told(50))
    ask(judging, mia, 3, admitted)
    expect(judging.findings.retryAfter).toMatchObject({ untrue: 0, open: 1 })
  })

  test('counts the refusals that say nothing of when to come again', async () => {
    const { judging, mia } = await scene()
    ask(judging, mia, 0, { kind: 'refused', wait: undefined, rounding: SECOND })
    expect(judging.findings.retryAfter).toMatchObject({ refusals: 1, without: 1 })
  })
})

describe('the judge of quotas', () => {
  test('counts by the partition of the policy, not by the client that sends', async () => {
    const own = await scene()
    for (const line of [own.mia, own.noor, own.mia, own.noor]) ask(own.judging, line, 1, admitted)
    expect(own.judging.findings.excesses).toMatchObject({ watched: 4, count: 0 })

    const shared = await scene({ partition: 'everyone' })
    for (const line of [shared.mia, shared.noor, shared.mia]) ask(shared.judging, line, 1, admitted)
    expect(shared.judging.findings.excesses.first).toMatchObject([
      { line: 'mia', quota: 'towns: 2/minute', units: 3, allowed: 2 },
    ])
  })

  test('counts the cost, and by the response only what counts by it', async () => {
    const costly = await scene({ cost: 2 })
    for (const at of [1, 2]) ask(costly.judging, costly.mia, at, admitted)
    expect(costly.judging.findings.excesses.first).toMatchObject([{ units: 4 }])

    const byResponse = await scene({ charge: { when: 'response', on: ['4xx'] } })
    for (const at of [1, 2, 3, 4]) ask(byResponse.judging, byResponse.mia, at, admitted)
    expect(byResponse.judging.findings.excesses).toMatchObject({ watched: 0, count: 0 })
    for (const at of [5, 6, 7]) ask(byResponse.judging, byResponse.mia, at, { ...admitted, status: 404 })
    expect(byResponse.judging.findings.excesses.count).toBe(1)
  })

  test('holds nothing against a limiter that was not let through for certain', async () => {
    const { judging, mia } = await scene()
    for (const at of [1, 2, 3, 4]) ask(judging, mia, at, unknown)
    expect(judging.findings.excesses.count).toBe(0)
  })
})
