import type { Guard } from '../guard.js'
import { createGuard } from '../guard.js'
import { clientIp } from '../identity/client-ip.js'
import type { ChargeInput } from '../policy/policy-input.js'
import { memoryStore } from '../store/memory/memory.js'
import type { AdapterScene } from './adapter-scene.js'
import { withResolvers } from './adapter-scene.js'
import { abort, begin, send } from './raw-client.js'
import { expect, it } from './runner.js'

/** What every adapter promises of units that count by the response. */
export function promisesOfOutcomes({ clock, serving }: AdapterScene): void {
  const rules = (quotas: string, on: ChargeInput['on']) => ({
    rules: [{ name: 'all', path: '/**', quotas, charge: { when: 'response', on, cost: 5 } as const }],
    identity: [clientIp()],
  })

  /** A guard that says when it is first asked, and when it is told of the response. For `/hang` it answers after `wait`. */
  function watched(
    quotas: string,
    on: ChargeInput['on'],
    wait?: Promise<void>,
  ): { guard: Guard; settled: Promise<void>; begun: Promise<void> } {
    const guard = createGuard({ ...rules(quotas, on), store: memoryStore({ clock }) })
    const end = withResolvers()
    const begin = withResolvers()
    const watching: Guard = {
      ...guard,
      decide(request) {
        const verdict = guard.decide(request)
        begin.resolve()
        return wait === undefined || request.target !== '/hang' ? verdict : wait.then(() => verdict)
      },
      async settle(verdict, status) {
        await guard.settle(verdict, status)
        end.resolve()
      },
    }
    return { guard: watching, settled: end.promise, begun: begin.promise }
  }

  it('keeps the units of a response that counts, and gives back those of every other', () =>
    serving(rules('10/minute', [401, '5xx']), async (port) => {
      for (const status of [200, 404, 204, 302, 200])
        expect((await send(port, `/status/${status}`)).status).toBe(status)
      expect((await send(port, '/status/401')).status).toBe(401)
      expect((await send(port, '/throws')).status).toBe(500)
      expect((await send(port, '/ok')).status).toBe(429)
    }))

  it('counts what no route answers by its 404', () =>
    serving(rules('5/minute', 404), async (port) => {
      expect((await send(port, '/ok')).status).toBe(200)
      expect((await send(port, '/nowhere')).status).toBe(404)
      expect((await send(port, '/ok')).status).toBe(429)
    }))

  it('lets no more pass at once than would be allowed if all of them counted', () =>
    serving(rules('50/minute', 401), async (port) => {
      const answers = await Promise.all(Array.from({ length: 30 }, () => send(port, '/status/401')))
      const statuses = answers.map(({ status }) => status).sort()
      expect(statuses).toEqual([...new Array(10).fill(401), ...new Array(20).fill(429)])
    }))

  it('counts a connection that breaks before an answer as 499', async () => {
    for (const [on, status] of [
      ['4xx', 429],
      [499, 429],
      [401, 200],
    ] as const) {
      const { guard, settled, begun } = watched('5/minute', on)
      await serving(guard, async (port) => {
        await abort(port, '/hang', begun)
        await settled
        expect((await send(port, '/ok')).status).toBe(status)
      })
    }
  })

  it('counts a connection that breaks while the guard decides as 499', async () => {
    for (const [on, status] of [
      [499, 429],
      [401, 200],
    ] as const) {
      const { promise, resolve } = withResolvers()
      const { guard, settled, begun } = watched('5/minute', on, promise)
      await serving(guard, async (port) => {
        await abort(port, '/hang', begun)
        // By the time that another connection is answered the server has heard of the broken one.
        expect((await send(port, '/ok')).status).toBe(429)
        resolve()
        await settled
        expect((await send(port, '/ok')).status).toBe(status)
      })
    }
  })

  it('goes by the status of a streamed answer, and by it once', () => {
    const { guard, settled } = watched('5/minute', '2xx')
    return serving(guard, async (port, resume) => {
      const response = await begin(port, '/stream')
      resume()
      await response.resume().toArray()
      await settled
      expect((await send(port, '/ok')).status).toBe(429)
    })
  })

  it('settles a limit on one route by itself', () =>
    serving({ rules: [{ name: 'all', path: '/**', quotas: '99/minute' }], identity: [clientIp()] }, async (port) => {
      const guess = async (status: string) => (await send(port, '/guess', { headers: { 'x-status': status } })).status
      for (let i = 0; i < 5; i++) expect(await guess('200')).toBe(200)
      expect([await guess('401'), await guess('401'), await guess('200')]).toEqual([401, 401, 429])
    }))
}
