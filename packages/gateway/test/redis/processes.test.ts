import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { redisServer } from '../../../../test/support/redis-server.js'
import { temporaryFolder } from '../support/folder.js'
import { upstreamServer } from '../support/servers.js'
import { metricOf, untilShared } from './scene.js'

const LIMIT = 100
const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const MIDDLEWARE = fileURLToPath(new URL('./middleware.ts', import.meta.url))
const TSCONFIG = fileURLToPath(new URL('../../../../tsconfig.json', import.meta.url))

/** Runs a file of this package in a process of its own, for the length of the test; gives the URLs in its first lines. */
async function urlsOf(lines: number, file: string, ...args: string[]): Promise<string[]> {
  const env = { ...process.env, TSX_TSCONFIG_PATH: TSCONFIG }
  const child: ChildProcess = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), file, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const urls: string[] = []
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    urls.push(/http:\S+/.exec(line)?.[0] ?? '')
    if (urls.length === lines) return urls
  }
  throw new Error(`${file} ended before it listened`)
}

async function statusOf(url: string): Promise<number> {
  const answer = await fetch(`${url}/towns`)
  await answer.arrayBuffer()
  return answer.status
}

test.each(['sliding-window', 'fixed-window', 'token-bucket'])(
  'a gateway and two middlewares, each in its own process, admit exactly the limit by %s',
  async (algorithm) => {
    const { url } = await redisServer()
    const upstream = await upstreamServer((_request, response) => response.end('ok'))
    const rules = [{ name: 'towns', path: '/towns', quotas: { limit: LIMIT, window: '1d', algorithm } }]
    const file = join(temporaryFolder(), 'spillway.json')
    const gateway = { listen: '127.0.0.1:0', admin: { listen: '127.0.0.1:0' }, upstream: upstream.url, store: url }
    const shared = { identity: [{ ip: {} }], rules }
    writeFileSync(file, JSON.stringify({ ...gateway, ...shared }))

    const [[front = '', admin], ...middlewares] = await Promise.all([
      urlsOf(2, CLI, 'serve', file),
      urlsOf(1, MIDDLEWARE, url, JSON.stringify(shared)),
      urlsOf(1, MIDDLEWARE, url, JSON.stringify(shared)),
    ])
    await untilShared(3, (name) => metricOf(admin, name))
    const urls = [front, ...middlewares.flat()]
    const times = [...new Array(LIMIT).keys()]
    const statuses = await Promise.all(urls.flatMap((each) => times.map(() => statusOf(each))))

    expect(statuses.filter((status) => status === 200).length).toBe(LIMIT)
    expect(statuses.filter((status) => status === 429).length).toBe(2 * LIMIT)
  },
)
