import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startCli } from './support/cli.js'
import { temporaryFolder } from './support/folder.js'
import { upstreamServer } from './support/servers.js'

const TIME = 60_000

/** `serve` as a process. */
interface Serving {
  readonly child: ChildProcessWithoutNullStreams
  /** The limit that the gateway tells now. */
  limit(): Promise<string | undefined>
  /** What the log says: its messages, in order. */
  readonly messages: string[]
}

async function serving(folder: string, args: readonly string[], input?: string): Promise<Serving> {
  const child = startCli(folder, ['serve', '--port', '0', ...args])
  onTestFinished(() => void child.kill('SIGKILL'))
  child.stdin.end(input)
  const messages: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => messages.push(JSON.parse(line).msg))
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const url = String(line).split(' ').at(-1)
  const limit = async () => {
    const policy = (await fetch(`${url}/towns`)).headers.get('ratelimit-policy')
    return policy?.match(/q=(\d+)/)?.[1]
  }
  return { child, limit, messages }
}

/** Texts of a policy whose file says another limit each time. */
async function policies(): Promise<(limit: number | string) => string> {
  const upstream = await upstreamServer((_request, response) => response.end('ok'))
  return (limit) =>
    `listen: 127.0.0.1:1\nupstream: ${upstream.url}\nrules:\n  - { name: towns, path: /towns, quotas: ${limit}/hour }\n`
}

describe('SIGHUP', { timeout: TIME }, () => {
  test('puts the policy in force as the file has it now, a faulty one not', async () => {
    const [folder, policy] = [temporaryFolder(), await policies()]
    const file = join(folder, 'spillway.yaml')
    writeFileSync(file, policy(10))
    const { child, limit, messages } = await serving(folder, [])
    writeFileSync(file, policy(20))
    expect(await limit()).toBe('10')

    child.kill('SIGHUP')
    await expect.poll(() => messages).toContain('policy reloaded')
    expect(await limit()).toBe('20')

    writeFileSync(file, policy('many'))
    child.kill('SIGHUP')
    await expect.poll(() => messages.at(-1)).toContain('the one before stays in force')
    expect(await limit()).toBe('20')

    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([0, null])
  })

  test('changes nothing where the policy came from standard input', async () => {
    const [folder, policy] = [temporaryFolder(), await policies()]
    const { child, limit, messages } = await serving(folder, ['-'], policy(10))

    child.kill('SIGHUP')
    await expect.poll(() => messages.at(-1)).toBe('nothing is reloaded: standard input is read once')
    expect(await limit()).toBe('10')
  })
})

describe('--watch', { timeout: TIME }, () => {
  test('puts the policy in force whenever the file is written, replaced, or there again', async () => {
    const [folder, policy] = [temporaryFolder(), await policies()]
    const file = join(folder, 'spillway.yaml')
    writeFileSync(file, policy(10))
    const { limit, messages } = await serving(folder, ['--watch'])
    expect(await limit()).toBe('10')

    writeFileSync(file, policy(20))
    await expect.poll(limit, { timeout: 10_000 }).toBe('20')

    writeFileSync(`${file}.new`, policy(30))
    renameSync(`${file}.new`, file)
    await expect.poll(limit, { timeout: 10_000 }).toBe('30')

    renameSync(file, `${file}.away`)
    await expect.poll(() => messages.at(-1), { timeout: 10_000 }).toContain('the one before stays in force')
    expect(await limit()).toBe('30')
    writeFileSync(file, policy(40))
    await expect.poll(limit, { timeout: 10_000 }).toBe('40')
  })

  test('follows a symbolic link that is swapped, as those of a ConfigMap are', async () => {
    const [folder, policy] = [temporaryFolder(), await policies()]
    for (const [version, quota] of [
      ['one', 10],
      ['two', 20],
    ] as const) {
      mkdirSync(join(folder, version))
      writeFileSync(join(folder, version, 'spillway.yaml'), policy(quota))
    }
    symlinkSync('one', join(folder, '..data'))
    symlinkSync('..data/spillway.yaml', join(folder, 'spillway.yaml'))
    const { limit } = await serving(folder, ['--watch'])
    expect(await limit()).toBe('10')

    symlinkSync('two', join(folder, '..data.new'))
    renameSync(join(folder, '..data.new'), join(folder, '..data'))
    await expect.poll(limit, { timeout: 10_000 }).toBe('20')
  })

  test('reads nothing into files beside it, and says a fault but once', async () => {
    const [folder, policy] = [temporaryFolder(), await policies()]
    const file = join(folder, 'spillway.yaml')
    writeFileSync(file, policy(10))
    const { limit, messages } = await serving(folder, ['--watch'])
    const before = messages.length
    writeFileSync(file, policy('many'))
    await expect.poll(() => messages.length, { timeout: 10_000 }).toBe(before + 1)

    for (let i = 0; i < 3; i++) {
      writeFileSync(join(folder, 'beside.txt'), String(i))
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect(messages.length).toBe(before + 1)
    expect(await limit()).toBe('10')
  })
})
