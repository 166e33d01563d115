import { describe, expect, it } from 'vitest'
import { started } from '../../test/examples/serving.js'

describe('examples/graphql/start.ts', () => {
  it('charges an operation by its fields', async () => {
    const { get } = await started('examples/graphql/start.ts')
    const query = async (text: string) => {
      const { headers, body } = await get(`/graphql?query=${encodeURIComponent(text)}`, { accept: 'application/json' })
      return { remaining: headers.ratelimit, ...JSON.parse(body) }
    }
    expect(await query('{ towns { name near { name } } }')).toMatchObject({
      remaining: '"graph";r=6;t=60',
      data: { towns: [{ name: 'Tartu', near: [{ name: 'Elva' }] }] },
    })
    expect(await query('{ towns { a: name b: name c: name d: name e: name f: name } }')).toMatchObject({
      errors: [{ message: expect.stringContaining('10 units per minute') }],
    })
    expect(await query('{ towns { name } }')).toHaveProperty('data')
  })
})
