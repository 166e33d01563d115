import { describe, expect, it } from 'vitest'
import { started, times } from '../../test/examples/serving.js'

describe('examples/trpc/start.ts', () => {
  it('limits all procedures together, and orders besides', async () => {
    const { get, send, statuses } = await started('examples/trpc/start.ts')
    const order = () => send('/order', { method: 'POST', headers: { 'content-type': 'application/json' } })
    expect((await order()).status).toBe(200)
    expect((await order()).status).toBe(429)
    expect(await statuses(times(3, '/towns'))).toEqual([200, 200, 200])
    const { status, body } = await get('/towns')
    expect(status).toBe(429)
    expect(JSON.parse(body).error.data.problem).toMatchObject({ 'violated-policies': ['all'] })
  })
})
