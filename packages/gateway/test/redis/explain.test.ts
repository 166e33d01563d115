import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { redisServer } from '../../../../test/support/redis-server.js'
import { explain } from '../../src/commands/explain.js'
import { recordingTerminal } from '../../src/terminal/terminal.fixture.js'
import { gatewayOn, LIMIT, untilConnected } from './scene.js'

/** Explains a request from 127.0.0.1 by the counts in this Redis. */
async function explained(url: string) {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-explain-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const policy = join(folder, 'p.yaml')
  const rules = [{ name: 'towns', path: '/towns', quotas: `${LIMIT}/hour` }]
  await writeFile(policy, JSON.stringify({ store: url, rules }))
  const terminal = recordingTerminal()
  const options = { policy, header: [], from: '127.0.0.1', store: true, json: true }
  const code = await explain('GET', '/towns', options, {}, terminal)
  return { code, errs: terminal.errs, ...JSON.parse(terminal.outs.join('\n')) }
}

test('explain --store tells what the gateways that share a Redis would answer now, and changes nothing there', async () => {
  const server = await redisServer()
  const { statuses } = await gatewayOn(server.url)
  await untilConnected(server)
  await statuses(LIMIT - 1)
  for (let i = 0; i < 3; i++) {
    expect(await explained(server.url)).toMatchObject({
      ...{ code: 0, errs: [], verdict: { kind: 'allow' } },
      layers: [{ rules: [{ decision: 'allowed', quotas: [{ remaining: 0 }] }] }],
    })
  }

  expect(await statuses(2)).toEqual({ 200: 1, 429: 1 })
  expect(await explained(server.url)).toMatchObject({
    ...{ code: 0, verdict: { kind: 'deny', rule: 'towns' }, answer: { status: 429 } },
    layers: [{ rules: [{ decision: 'denied', partition: 'ip:127.0.0.1' }] }],
  })
})

test('explain --store leaves nothing behind in a Redis that nobody uses', async () => {
  const server = await redisServer()
  expect(await explained(server.url)).toMatchObject({ code: 0, verdict: { kind: 'allow' } })
  expect((await server.cli('DBSIZE')).trim()).toBe('0')
})
