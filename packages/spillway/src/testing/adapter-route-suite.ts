import type { AdapterScene } from './adapter-scene.js'
import { all } from './adapter-scene.js'
import { send } from './raw-client.js'
import { expect, it } from './runner.js'

/** What every adapter promises of a limit on one route that depends on the request. */
export function promisesOfRoutes({ serving }: AdapterScene): void {
  const plan = async (port: number, headers: Readonly<Record<string, string>>) =>
    (await send(port, '/plan', { headers })).status

  it('holds each request to the quotas that a function gives for it', () =>
    serving(all('99/minute'), async (port) => {
      const { headers } = await send(port, '/plan', { headers: { 'x-user': 'alice', 'x-plan': 'gold' } })
      expect(headers['ratelimit-policy']).toContain('"plan-60s";q=3;w=60, "plan-3600s";q=9;w=3600')
      const plain = await send(port, '/plan', { headers: { 'x-user': 'bob' } })
      expect(plain.headers['ratelimit-policy']).toContain('"plan";q=1;w=60')
      expect(await plan(port, { 'x-user': 'bob' })).toBe(429)
    }))

  it('counts for whom a function names, and by address where it names nobody', () =>
    serving(all('99/minute'), async (port) => {
      expect(await plan(port, { 'x-user': 'alice' })).toBe(200)
      expect(await plan(port, { 'x-user': 'bob' })).toBe(200)
      expect(await plan(port, {})).toBe(200)
      expect(await plan(port, { 'x-user': 'alice' })).toBe(429)
      expect(await plan(port, {})).toBe(429)
    }))

  it('takes as many units as a function says', () =>
    serving(all('99/minute'), async (port) => {
      expect(await plan(port, { 'x-plan': 'gold', 'x-cost': '2' })).toBe(200)
      expect(await plan(port, { 'x-plan': 'gold', 'x-cost': '2' })).toBe(429)
      expect(await plan(port, { 'x-plan': 'gold' })).toBe(200)
    }))

  it('neither counts nor tells an exempt request', () =>
    serving(all('99/minute'), async (port) => {
      const exempt = { 'x-exempt': 'yes' }
      for (let i = 0; i < 3; i++) {
        const { status, headers } = await send(port, '/plan', { headers: exempt })
        expect(status).toBe(200)
        expect(headers['ratelimit-policy']).toBe('"all";q=99;w=60')
      }
      expect(await plan(port, {})).toBe(200)
    }))

  it('fails a request whose cost is none, and never lets it pass', () =>
    serving(all('99/minute'), async (port) => {
      for (const cost of ['0', '1.5', '-1', 'many']) expect(await plan(port, { 'x-cost': cost })).toBe(500)
      expect(await plan(port, {})).toBe(200)
    }))
}
