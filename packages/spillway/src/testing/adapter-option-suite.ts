import type { Guard } from '../guard.js'
import { createGuard } from '../guard.js'
import type { IdentitySource } from '../identity/identity.js'
import { memoryStore } from '../store/memory/memory.js'
import type { AdapterScene } from './adapter-scene.js'
import { all } from './adapter-scene.js'
import { send } from './raw-client.js'
import { expect, it } from './runner.js'

/** What every adapter promises of its options. */
export function promisesOfOptions({ clock, serving }: AdapterScene): void {
  const later: IdentitySource = async () => ({ kind: 'user', user: 'alice', group: 'default' })

  it('wait for an identity that comes later', () =>
    serving({ ...all('1/minute'), identity: [later] }, async (port) => {
      expect(await send(port, '/verdict')).toMatchObject({ status: 200, body: 'allow' })
      expect(await send(port, '/verdict')).toMatchObject({ status: 429 })
    }))

  it('let a handler see the verdict', () =>
    serving(all('1/minute'), async (port) => {
      expect(await send(port, '/verdict')).toMatchObject({ status: 200, body: 'allow' })
    }))

  it('let onDenied write the answer, under the same fields', () =>
    serving(
      all('1/minute'),
      async (port) => {
        await send(port, '/ok')
        const { status, headers, body } = await send(port, '/ok')
        expect({ status, body }).toEqual({ status: 429, body: 'denied: deny' })
        expect(headers).toMatchObject({
          'retry-after': '60',
          'cache-control': 'no-store',
          ratelimit: '"all";r=0;t=60',
        })
        expect(headers['content-type']).not.toBe('application/problem+json')
        expect(await send(port, '/ok%00')).toMatchObject({ body: 'denied: malformed' })
      },
      true,
    ))

  it('refuse with 401 where nobody is known to be asking, or let onIdentityError answer', async () => {
    const policy = { ...all('1/minute'), identity: [], anonymous: 'deny' } as const
    await serving(policy, async (port) => {
      expect(await send(port, '/ok')).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
    })
    await serving(
      policy,
      async (port) => {
        expect(await send(port, '/ok')).toMatchObject({ status: 401, body: 'identity: ERR_SPILLWAY_ANONYMOUS' })
      },
      true,
    )
  })

  it('limit one route by quotas, beside the guard', () =>
    serving(all('9/minute'), async (port) => {
      const route = '"login";q=2;w=60'
      expect(await send(port, '/login')).toMatchObject({
        status: 200,
        body: 'welcome',
        headers: { 'ratelimit-policy': expect.stringContaining('"all";q=9;w=60') },
      })
      const { headers } = await send(port, '/login')
      expect(headers['ratelimit-policy']).toContain(route)
      expect(await send(port, '/login')).toMatchObject({ status: 429 })
      expect(await send(port, '/ok')).toMatchObject({ status: 200 })
    }))

  it('turn a broken guard into an error, never into a pass', () => {
    const guard = createGuard({ ...all('1/minute'), store: memoryStore({ clock }) })
    const broken: Guard = {
      ...guard,
      decide() {
        throw new Error('broken')
      },
    }
    return serving(broken, async (port) => {
      expect(await send(port, '/ok')).toMatchObject({ status: 500 })
    })
  })
}
