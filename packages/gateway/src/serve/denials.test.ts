import type { Explanation } from 'spillway/explain'
import { expect, test } from 'vitest'
import { denials } from './denials.js'

function explanationOf(path: string): Explanation {
  return {
    ...{ method: 'GET', path, preflight: false, sources: [], layers: [] },
    verdict: { kind: 'deny', rule: 'towns' },
    answer: { kind: 'refuse', status: 429, fields: [] },
  }
}

test('the last denials are there, newest first, and no older one', () => {
  const { add, get, list } = denials(3)
  const ids = Array.from({ length: 5 }, (_, i) => add(explanationOf(`/${i}`)))

  expect(list().map(({ path }) => path)).toEqual(['/4', '/3', '/2'])
  expect(list()[0]).toMatchObject({ id: ids[4], method: 'GET', verdict: 'deny', rule: 'towns', status: 429 })
  expect(get(ids[4] ?? '')?.explanation.path).toBe('/4')
  expect(get(ids[0] ?? '')).toBeUndefined()
  expect(get('')).toBeUndefined()
})

test('an id tells nothing, and no two are alike', () => {
  const { add } = denials()
  const ids = Array.from({ length: 1_000 }, () => add(explanationOf('/')))

  expect(new Set(ids).size).toBe(1_000)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
})

test('the list reads no layers: they are made for one denial at a time', () => {
  const { add, list } = denials()
  const { layers: _, ...rest } = explanationOf('/')
  add({
    ...rest,
    get layers(): never {
      throw new Error('read')
    },
  })
  expect(list()).toHaveLength(1)
})
