import type { Guard, IdentitySource, RuleInput, Verdict } from 'spillway'
import { createGuard, memoryStore } from 'spillway'
import { fakeClock } from 'spillway/testing'
import { describe, expect, test } from 'vitest'

const MEBIBYTE = 1024 * 1024

/** A guard of these rules over a memory store with these bounds, and how often that said it was full. */
function bounded(rules: readonly RuleInput[], bounds: { readonly maxPartitions?: number; readonly maxBytes?: number }) {
  const clock = fakeClock()
  const reports = { full: 0 }
  const store = memoryStore({ clock, ...bounds, onFull: () => reports.full++ })
  return { clock, store, reports, guard: createGuard({ rules, identity: [byNumber], store }) }
}

/** A client is a number here: reading so many addresses would take longer than counting them. */
const byNumber: IdentitySource = ({ address = '' }) => ({ kind: 'user', user: address, group: 'default' })

function ask(guard: Guard, client: number, target: string): Verdict {
  return guard.decide({ method: 'GET', target, address: `client ${client}`, header: () => undefined }) as Verdict
}

/** The kinds of the decisions on one request of each client, without repetition. */
function kindsOf(guard: Guard, clients: readonly number[], target: string): string[] {
  const verdicts = clients.map((client) => ask(guard, client, target))
  return [...new Set(verdicts.flatMap((verdict) => ('decisions' in verdict ? verdict.decisions : [])).map(kindOf))]
}

function kindOf({ decision }: { readonly decision: { readonly kind: string } }): string {
  return decision.kind
}

const clientsFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i)

describe('clients without end', () => {
  const rules: RuleInput[] = [
    { name: 'login', path: '/login', quotas: '1/hour', block: '1d' },
    { name: 'api', path: '/**', quotas: { limit: 2, window: '1d', algorithm: 'token-bucket' } },
  ]
  const blocked = clientsFrom(0, 200)
  const spent = clientsFrom(1_000, 200)

  test('neither fill the memory, nor wash out a block or a spent budget, nor pass for nothing', async () => {
    const maxPartitions = 50_000
    const { clock, store, guard, reports } = bounded(rules, { maxPartitions, maxBytes: 8 * MEBIBYTE })
    expect([1, 2].map(() => kindsOf(guard, blocked, '/login'))).toEqual([['allowed'], ['denied']])
    expect([1, 2, 3].map(() => kindsOf(guard, spent, '/'))).toEqual([['allowed'], ['allowed'], ['denied']])

    let admitted = 0
    const started = performance.now()
    for (let client = 10_000; client < 210_000; client++) {
      if (ask(guard, client, '/').kind === 'allow') admitted++
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const { partitions, bytes, overflowed } = store.stats()
    process.stdout.write(
      `200,000 clients in ${seconds} s: ${partitions} partitions, ${(bytes / MEBIBYTE).toFixed(1)} MiB, ` +
        `${overflowed} charges shared overflow partitions, ${admitted} admitted\n`,
    )

    expect(partitions).toBeLessThanOrEqual(maxPartitions)
    expect(bytes).toBeLessThanOrEqual(8 * MEBIBYTE)
    await Promise.resolve()
    expect(reports.full).toBe(1)
    // What found no record of its own shares a thousand of two units each.
    expect(admitted).toBeLessThanOrEqual(maxPartitions + 2 * 1_000)
    expect(kindsOf(guard, blocked, '/login')).toEqual(['blocked'])
    expect(kindsOf(guard, spent, '/')).toEqual(['denied'])

    clock.advance('25h')
    expect(kindsOf(guard, [300_000], '/')).toEqual(['allowed'])
    for (let i = 0; i < 10_000; i++) store.sweep()
    expect(store.stats().partitions).toBeLessThan(100)
    expect(store.stats().bytes).toBeLessThan(MEBIBYTE)
  })
})

describe('a flood into a few megabytes', () => {
  test('takes no more than these, though every log grows, and nobody passes more often than the limit', () => {
    const maxBytes = MEBIBYTE
    const { clock, store, guard } = bounded([{ path: '/**', quotas: '20/hour' }], { maxBytes })
    const regulars = clientsFrom(0, 1_000)
    const passed = new Map<number, number>()
    let most = 0

    for (let round = 0; round < 30; round++) {
      for (const client of [...regulars, ...clientsFrom(10_000 + round * 1_000, 1_000)]) {
        if (ask(guard, client, '/').kind === 'allow') passed.set(client, (passed.get(client) ?? 0) + 1)
        most = Math.max(most, store.stats().bytes)
      }
      clock.advance('1s')
    }
    expect(most).toBeLessThanOrEqual(maxBytes)
    expect(Math.max(...passed.values())).toBeLessThanOrEqual(20)
    expect(kindsOf(guard, regulars, '/')).toEqual(['denied'])
  })
})
