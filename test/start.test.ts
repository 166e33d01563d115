import type { ChildProcess } from 'node:child_process'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** `npm start` on a build that is there already, in a process group of its own, as a terminal would start it. */
function npmStart(...args: string[]): ChildProcess {
  return spawn('npm', ['start', '--silent', '--ignore-scripts', '--', ...args], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** What Ctrl-C does: a signal for the whole group. */
function interrupt({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGINT')
}

/** The curl lines that it prints, each without its comment. */
async function curlLines(child: ChildProcess): Promise<string[]> {
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const [, command] = /^ {2}(curl .*?)(?: +# .*)?$/.exec(line) ?? []
    if (command !== undefined) lines.push(command)
    if (lines.length === 3) return lines
  }
  throw new Error(`npm start ended after ${lines.length} curl lines`)
}

/** Runs a line as a reader would, in a shell, and gives the status of the answer. */
async function statusOf(line: string): Promise<number> {
  const { stdout } = await promisify(execFile)('sh', ['-c', line.replace('curl', 'curl -sS')])
  return Number(/^HTTP\/1.1 (\d+)/.exec(stdout)?.[1])
}

describe('npm start', () => {
  let child: ChildProcess
  let [towns, forests, admin] = ['', '', '']
  beforeAll(async () => {
    child = npmStart('--port', '0')
    ;[towns, forests, admin] = (await curlLines(child)) as [string, string, string]
  })
  afterAll(() => {
    if (child.exitCode === null && child.signalCode === null) interrupt(child)
  })

  it('prints what the README promises, but for the port', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
    for (const line of [towns, forests, admin]) expect(readme).toContain(line.replace(/:\d+\//, ':8080/'))
  })

  it('prints a line that passes', async () => {
    expect(await statusOf(towns)).toBe(200)
  })

  it('prints a line that is refused at the second call', async () => {
    expect([await statusOf(forests), await statusOf(forests)]).toEqual([200, 429])
  })

  it('prints a line for the admin, who is never refused', async () => {
    expect([await statusOf(admin), await statusOf(admin), await statusOf(admin)]).toEqual([200, 200, 200])
  })

  it('leaves nothing behind on Ctrl-C', async () => {
    const exited = once(child, 'exit')
    interrupt(child)
    await exited

    await expect(statusOf(towns)).rejects.toThrow('Failed to connect')
  })
})

describe('npm start on a port that is in use', () => {
  it('says so, and how to choose another', async () => {
    const busy = createServer().listen(0, '127.0.0.1')
    await once(busy, 'listening')
    const { port } = busy.address() as { port: number }

    const child = npmStart('--port', String(port))
    const said: string[] = []
    child.stderr?.on('data', (chunk) => said.push(String(chunk)))
    const [code] = await once(child, 'close')
    busy.close()

    expect(said.join('')).toContain(`Port ${port} is in use. Choose another: npm start -- --port`)
    expect(code).toBe(1)
  })
})
