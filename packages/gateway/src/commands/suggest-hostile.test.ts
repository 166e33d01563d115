import { describe, expect, test } from 'vitest'
import { clients, logOf, replayed, run, suggested } from './suggest.fixture.js'

describe('a hostile log', () => {
  const HOSTILE = [
    '/a: b #c',
    '/<script>alert(1)</script>',
    '/\u001b[2J\u001b]0;owned\u0007',
    '/\\x1b[31m',
    '/"quoted"\'',
    `/*/**/:id/:/{x}/${'$'}{HOME}/%24%7BHOME%7D`,
    '/-%20-%0a-%0d%0a-%09',
    '/&anchor/!tag/|/>/%/@/`',
    '/true/null/no/~',
    `/${'long/'.repeat(1_600)}`,
    `/${'long'.repeat(2_000)}`,
    '/..;/../etc/passwd',
    '*',
    'http://evil.example/a?b=c',
    '/\u202egnp.exe',
  ]

  test('has paths with the syntax of YAML, of patterns and of terminals: they stay text', async () => {
    const requests = HOSTILE.flatMap((target, i) =>
      clients(30, () => 2, `GET ${target.replaceAll(' ', '%20').replaceAll('"', '\\"')}`).map((request) => ({
        ...request,
        second: request.second + i,
      })),
    )
    const login = clients(30, () => 2, 'POST /:x/a*b/%7Bc').map((request) => ({ ...request, status: 401 }))
    await suggested(logOf([...requests, ...login]))
    expect(await replayed()).toMatchObject({ refused: { requests: 0 } })

    const { out, err } = await run(logOf([...requests, ...login]))
    expect((out + err).match(/[^\P{Cc}\n]|\u202e|<script>/gu)).toBeNull()
  })

  test('has an agent and an address with commands to a terminal', async () => {
    const address = '\u001b]0;owned\u0007'
    const rude = Array.from({ length: 50 }, (_, second) => ({ second, client: address, status: 404 }))
    const { out, err } = await run(logOf([...clients(30, () => 2), ...rude]))
    expect(err).toContain('ip:\\u{1b}]0;owned\\u{7}')
    expect((out + err).match(/[^\P{Cc}\n]/gu)).toBeNull()
  })

  test('has thousands of paths: rules stay few', async () => {
    const requests = Array.from({ length: 10_000 }, (_, nth) => ({
      second: 3 * nth,
      client: `10.0.${nth % 7}.${nth % 200}`,
      request: `GET /${nth % 300}x/y${nth % 77}/z${nth}w`,
    }))
    const { rules } = await suggested(logOf(requests))
    expect(rules.length).toBeLessThanOrEqual(17)
  })
})
