import { describe, expect, test } from 'vitest'
import { assetExtension, routeSegment } from './segment.js'

describe('routeSegment', () => {
  test.each([
    ['123', 'id'],
    ['123.json', 'id'],
    ['cus_9s6xkzknriz8i3', 'id'],
    ['01arz3ndektsv4rrffq69g5fav', 'id'],
    ['v1stgxr8_z5jdhi6b-myt2', 'id'],
    ['3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'uuid'],
    ['2015-05-17', 'date'],
    ['2015-05', 'date'],
    ['da39a3ee5e6b4b0d3255bfef95601890afd80709', 'hash'],
    ['5f3a9c1b.html', 'hash'],
    ['@mia', 'slug'],
    ['a'.repeat(65), 'slug'],
  ])('takes %j for a variable: %s', (text, name) => {
    expect(routeSegment(text)).toEqual({ kind: 'variable', name })
  })

  test.each([':id', '*', 'a*b', '**'])('takes %j for a variable, as a pattern would read it otherwise', (text) => {
    expect(routeSegment(text)).toMatchObject({ kind: 'variable' })
  })

  test.each([
    'users',
    'v2',
    'facade',
    'deadbeef',
    'logstash-puppetconf-2012',
    'installing-windows-8-consumer-preview.html',
    'my-first-10-years-of-programming-in-anger.html',
    '%e2%82%ac',
    '...',
  ])('takes %j for itself', (text) => {
    expect(routeSegment(text)).toEqual({ kind: 'literal' })
  })
})

test('an asset is known by its extension', () => {
  expect(['/a/b.css', '/x.min.js', '/users/1', '/css', '/a.css/b'].map(assetExtension)).toEqual([
    'css',
    'js',
    undefined,
    undefined,
    undefined,
  ])
})
