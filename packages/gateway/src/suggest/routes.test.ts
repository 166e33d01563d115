import { parsePolicy } from 'spillway'
import { re2 } from 'spillway/regex'
import { describe, expect, test } from 'vitest'
import { lintPolicy } from '../lint/lint.js'
import type { PathNode } from './path-tree.js'
import { childrenOf, pathTree } from './path-tree.js'
import { routesOf } from './routes.js'

type Requests = readonly [path: string, times: number, method?: string, status?: number]

/** The routes of some requests, and their patterns. */
function routes(requests: readonly Requests[], assets = new Map<string, number>()) {
  const tree = pathTree()
  for (const [path, times, method = 'GET', status = 200] of requests) {
    for (let i = 0; i < times; i++) tree.add(path, method, status)
  }
  return routesOf({ tree, assets })
}

function patterns(requests: readonly Requests[]) {
  return routes(requests).map(({ match }) => match.path)
}

function many(count: number, path: (nth: number) => string, times = 1): Requests[] {
  return Array.from({ length: count }, (_, nth) => [path(nth), times] as const)
}

function size(node: PathNode): number {
  return childrenOf(node).reduce((sum, child) => sum + size(child), 1)
}

describe('routesOf', () => {
  test('puts identifiers together, and names what they are', () => {
    expect(
      patterns([
        ...many(50, (nth) => `/users/${nth}`),
        ...many(50, (nth) => `/users/${nth}/posts/3f2504e0-4f89-11d3-9a0c-0305e82c${1000 + nth}`),
        ...many(50, (nth) => `/days/2015-05-${10 + (nth % 20)}`),
      ]),
    ).toEqual(['/days/:date', '/users/:id', '/users/:id/posts/:uuid', '/**'])
  })

  test('takes many different words in one place for slugs, but not those that are asked for most', () => {
    expect(patterns([...many(60, (nth) => `/blog/title-${nth}x`, 2), ['/blog/archive', 40]])).toEqual([
      '/blog/archive',
      '/blog/:slug',
      '/**',
    ])
  })

  test('leaves what is asked for rarely to the folder above, and in the root to everything else', () => {
    const found = patterns([['/api/towns', 500], ...many(10, (nth) => `/api/word${nth}x/deep`, 5), ['/about', 3]])
    expect(found).toEqual(['/api/towns', '/api/**', '/**'])
  })

  test('limits writes apart where both are many', () => {
    const found = routes([
      ['/orders', 100],
      ['/orders', 80, 'POST'],
    ])
    expect(found.map(({ name, match }) => [name, match])).toEqual([
      ['orders-write', { path: '/orders', method: ['POST', 'PUT', 'PATCH', 'DELETE'] }],
      ['orders', { path: '/orders' }],
      ['everything-else', { path: '/**' }],
    ])
  })

  test('knows a login by POST that come to 401, however few', () => {
    const found = routes([
      ['/api/session', 8, 'POST'],
      ['/api/session', 6, 'POST', 401],
      ['/api/towns', 5_000],
    ])
    expect(found[0]).toMatchObject({
      kind: 'login',
      match: { path: '/api/session', method: 'POST', partition: 'ip' },
      requests: 14,
    })
  })

  test('puts static assets together by extension, before all paths', () => {
    const found = routes(
      [['/a', 100]],
      new Map([
        ['js', 40],
        ['css', 60],
      ]),
    )
    expect(found.map(({ match }) => match)).toEqual([
      { regex: '.*\\.(css|js)$', method: 'GET' },
      { path: '/a' },
      { path: '/**' },
    ])
  })

  test('gives a bounded number of routes, from a bounded tree, for any number of paths', () => {
    const tree = pathTree()
    for (let nth = 0; nth < 60_000; nth++) {
      tree.add(`/${(nth * 7919) % 211}w/${(nth * 31) % 997}x/y${nth}z/deep${nth % 13}`, 'GET', 200)
    }
    expect(size(tree.root)).toBeLessThanOrEqual(20_100)
    expect(routesOf({ tree, assets: new Map() }).length).toBeLessThanOrEqual(17)
  })

  test('orders rules so that each can match, and names them apart', () => {
    const found = routes([
      ...many(40, (nth) => `/a/${nth}`),
      ...many(40, (nth) => `/a/${nth}/b`),
      ...many(40, (nth) => `/a/${nth}/b/x${nth}y/z`),
      ['/a/me', 40],
      ['/a-me', 40],
      ['/a', 40],
      ['/', 40],
    ])
    const rules = found.map(({ name, match }) => ({ name, ...match, quotas: '10/second' }))
    const policy = parsePolicy({ rules }, { regex: re2 })

    expect(lintPolicy(policy)).toEqual([])
    expect(new Set(found.map(({ name }) => name)).size).toBe(found.length)
    expect(found.map(({ match }) => match.path)).toEqual([
      '/',
      '/a',
      '/a/me',
      '/a/:id',
      '/a/:id/b',
      '/a/:id/b/:slug/z',
      '/a-me',
      '/**',
    ])
  })
})
