import { describe, expect, it } from 'vitest'
import { started, times } from './serving.js'

/** What the shop's API does, on every framework that an example shows it with. */
export function shopSuite(program: string, env: Readonly<Record<string, string>> = {}): void {
  describe([program, ...Object.values(env)].join(' '), () => {
    it('limits each client, and tells a handler what remains', async () => {
      const { get, statuses } = await started(program, env)
      expect(JSON.parse((await get('/towns')).body).remaining).toBe(19)
      expect(await statuses(times(20, '/towns'))).toEqual([...times(19, 200), 429])
      expect(await statuses(times(21, '/towns'), { 'x-api-key': 'key-of-mia' })).toEqual(times(21, 200))
    })

    it('charges a search by its depth, and one that has none by the least', async () => {
      const { statuses } = await started(program, env)
      expect(await statuses(['/search?depth=5', '/search?depth=6', '/search?depth=3'])).toEqual([200, 429, 200])
      expect(await statuses(['/search?depth=none', '/search?depth=-9', '/search?depth=0'])).toEqual([200, 200, 429])
    })

    it('counts only guesses that are wrong', async () => {
      const { send } = await started(program, env)
      const guess = async (password: string) => (await send(`/login?password=${password}`, { method: 'POST' })).status
      for (let i = 0; i < 5; i++) expect(await guess('correct')).toBe(200)
      for (let i = 0; i < 3; i++) expect(await guess('wrong')).toBe(401)
      expect(await guess('correct')).toBe(429)
    })

    it('counts all reports as one, and health not at all', async () => {
      const { statuses } = await started(program, env)
      expect(await statuses(['/reports/year', '/reports/month', '/reports/year'])).toEqual([200, 200, 429])
      expect(await statuses(times(30, '/health'))).toEqual(times(30, 200))
    })
  })
}
