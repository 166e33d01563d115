import { createGuard, memoryStore } from 'spillway'
import { expect, test } from 'vitest'
import { inUse } from './in-use.js'

const LIMITS = 20_000

test('a memory store forgets the limits that no request goes by any more', () => {
  let limit = 1_000_000
  const guard = createGuard({
    rules: [{ name: 'plans', path: '/**', quotas: '1/hour' }],
    limits: { plans: () => `${limit++}/hour` },
    store: memoryStore(),
  })
  const ask = () => {
    const request = { method: 'GET', target: '/', address: '192.0.2.1', header: () => undefined }
    for (let i = 0; i < LIMITS; i++) expect(guard.decide(request)).toMatchObject({ kind: 'allow' })
  }
  ask()
  const before = inUse()
  ask()

  expect((inUse() - before) / LIMITS).toBeLessThan(20)
})
