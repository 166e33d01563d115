import { expect, it } from 'vitest'
import { redisServer } from '../../../../test/support/redis-server.js'
import { until } from '../../../../test/support/until.js'
import { createGuard } from '../../src/guard.js'
import type { RuleDecision } from '../../src/verdict.js'
import { request } from '../verdicts.js'
import { CONNECTIONS } from './connections.js'
import { opened } from './opened.js'

it('what is on trial is counted across processes, and by none of them apart', async () => {
  const server = await redisServer()
  const charge = { when: 'response', on: 401 } as const
  const guards = await Promise.all(
    [0, 1].map(async () => {
      const { store } = opened(await CONNECTIONS.ioredis!(server.port))
      const rules = [
        { name: 'new', path: '/**', quotas: '2/hour', enforce: '0.001%' },
        { name: 'old', path: '/**', quotas: '9/hour', candidate: '3/hour', charge },
      ] as const
      const guard = createGuard({ rules, store, onStoreFailure: 'deny' })
      const probe = request('GET', '/', {}, '198.51.100.1')
      await until('the server decides', async () => (await guard.decide(probe)).kind === 'allow')
      return guard
    }),
  )
  const plain = (decisions: readonly RuleDecision[]) =>
    decisions.map(({ rule, decision }) => `${rule.mode} ${rule.name} ${decision.kind}`)
  const told: string[][] = []
  for (let i = 0; i < 5; i++) {
    const guard = guards[i % 2]!
    const verdict = await guard.decide(request())
    if (verdict.kind !== 'allow') throw new Error(`nothing refuses, and yet: ${verdict.kind}`)
    told.push([...plain(verdict.decisions), ...plain(verdict.shadows)])
    // The first does not count by its response.
    await guard.settle(verdict, i === 0 ? 200 : 401)
  }
  const line = (shadow: string, candidate: string) => [
    'enforce old allowed',
    `shadow new ${shadow}`,
    `candidate old ${candidate}`,
  ]
  expect(told).toEqual([
    line('allowed', 'allowed'),
    line('allowed', 'allowed'),
    line('denied', 'allowed'),
    line('denied', 'allowed'),
    line('denied', 'denied'),
  ])
})
