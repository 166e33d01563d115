import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import type { CliOutput } from '../test/support/cli.js'
import { startCli } from '../test/support/cli.js'
import { sharedFolder } from '../test/support/folder.js'

const TIME = 60_000
const folder = sharedFolder()
const children: ChildProcessWithoutNullStreams[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function start(...args: string[]): ChildProcessWithoutNullStreams {
  return startWith({}, args)
}

function startWith(output: CliOutput, args: readonly string[]): ChildProcessWithoutNullStreams {
  const child = startCli(folder, args, output)
  children.push(child)
  return child
}

async function run(...args: string[]) {
  const child = start(...args)
  const texts = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (texts.out += chunk))
  child.stderr.on('data', (chunk) => (texts.err += chunk))
  const [code] = await once(child, 'close')
  return { code, ...texts }
}

describe('the command', { timeout: TIME }, () => {
  test('tells its version', async () => {
    expect(await run('--version')).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' })
  })

  test.each([
    [['chek'], 'Did you mean check?'],
    [['check', '--strikt'], 'Did you mean --strict?'],
    [['check', 'a.yaml', 'b.yaml'], 'too many arguments'],
    [['serve', '--port', '70000'], '0 to 65535'],
    [['serve', 'a.yaml', '--policy', 'b.yaml'], 'given twice, as a.yaml and by --policy b.yaml'],
    [['serve', '-', '--watch'], '--watch wants a file'],
    [['suggest', 'access.log', '--refuse', '80%'], 'from 0 to 50%'],
    [['replay', 'access.log', '--utc-offset', '+25:00'], 'at most 18 hours'],
    [['replay', 'access.log', '--utc-offset', '+02:75'], 'such as +02:00 or -05:30'],
    [[], 'Usage: spillway'],
  ])('a wrong call %j exits with 2 and says what would be right', async (args, hint) => {
    const { code, out, err } = await run(...args)

    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(hint)
  })

  test('after a wrong call it names the help of the very command', async () => {
    expect((await run('replay')).err).toContain('`spillway replay --help` says more')
    expect((await run('chek')).err).toContain('`spillway --help` says more')
  })

  test.each(['serve', 'check', 'replay', 'suggest', 'load', 'init', 'explain'])(
    'the help of %s says defaults as they are written',
    async (command) => {
      const { code, out } = await run(command, '--help')

      expect(code).toBe(0)
      expect(out).not.toMatch(/default: (\[|0\.\d+\))/)
    },
  )

  test('- is standard input, and standard output', async () => {
    const { code, out } = await run('init', '-')
    expect(code).toBe(0)

    const child = start('check', '-')
    const texts = { out: '', err: '' }
    child.stdout.on('data', (chunk) => (texts.out += chunk))
    child.stderr.on('data', (chunk) => (texts.err += chunk))
    child.stdin.end(`${out}ruls: []\n`)
    expect(await once(child, 'close')).toEqual([1, null])
    expect(texts.err).toContain('error ruls: unknown key, did you mean `rules`?')
    expect(texts.err).toMatch(/^-:\d+:1 /)
  })

  test('init writes spillway.yaml, and check reads it, without a name', async () => {
    expect(await run('init')).toMatchObject({ code: 0, err: '' })
    expect(await run('check')).toEqual({
      code: 0,
      out: 'spillway.yaml: 1 layer, 3 rules, 4 quotas: no faults\n',
      err: '',
    })
  })

  test('faults exit with 1, in check and in serve alike', async () => {
    await writeFile(join(folder, 'bad.yaml'), 'rules:\n  - path: /a\n    qoutas: 1/s\n')
    const checked = await run('check', 'bad.yaml')

    expect(checked).toMatchObject({ code: 1, out: '' })
    expect(checked.err).toContain('bad.yaml:3:5 error rules[0].qoutas: ')
    expect(await run('serve', 'bad.yaml')).toEqual(checked)
    expect(await run('check', '--policy', 'bad.yaml')).toEqual(checked)
    expect(await run('serve', '--policy', 'bad.yaml')).toEqual(checked)
  })

  test.runIf(existsSync('/dev/full'))(
    'an answer that a full disk does not take exits with 1, and says so',
    async () => {
      const full = openSync('/dev/full', 'w')
      const child = startWith({ stdout: full }, ['check'])
      let err = ''
      child.stderr.on('data', (chunk) => (err += chunk))

      expect(await once(child, 'close')).toEqual([1, null])
      expect(err).toMatch(/^spillway: the answer cannot be written: ENOSPC.*\n$/)
      closeSync(full)
    },
  )

  test('what it says is its exit code too, where nobody reads standard error to the end', async () => {
    for (const args of [['chek'], ['check', 'none.yaml']]) {
      const { code } = await run(...args)
      const unread = start(...args)
      unread.stderr.destroy()
      expect(await once(unread, 'close')).toEqual([code, null])
    }
  })

  test('serve says what a gateway needs', async () => {
    await writeFile(join(folder, 'rules.yaml'), 'rules:\n  - path: /a\n    quotas: 1/s\n')
    const { code, err } = await run('serve', 'rules.yaml')

    expect(code).toBe(1)
    expect(err).toMatch(/rules\.yaml:1:1 error listen: .*\nrules\.yaml:1:1 error upstream: /)
  })

  test('serve says whose port is taken where its own listeners would share one', async () => {
    const policy = 'listen: 127.0.0.1:1\nupstream: http://127.0.0.1:2\nadmin: { listen: "127.0.0.1:18999" }\n'
    await writeFile(join(folder, 'ports.yaml'), `${policy}rules: [{ path: /a, quotas: 1/s }]\n`)
    const { code, err } = await run('serve', 'ports.yaml', '--port', '18999')
    const message = 'spillway: --port 18999 is the port of `admin.listen`, 127.0.0.1:18999: choose another\n'
    expect({ code, err }).toEqual({ code: 1, err: message })
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('suggest leaves no copy of its input behind on %s', async (signal) => {
    const copies = async () => (await readdir(folder)).filter((name) => name.startsWith('spillway-'))
    const child = start('suggest', '-')
    await expect.poll(copies, { timeout: 10_000 }).toHaveLength(1)

    child.kill(signal)
    expect(await once(child, 'close')).toEqual([null, signal])
    expect(await copies()).toEqual([])
  })
})

describe('serve', { timeout: TIME }, () => {
  let upstream: Server
  let answers: (() => void)[]

  beforeAll(async () => {
    upstream = createServer((request, response) => {
      if (request.url !== '/slow') return response.end('hello')
      answers.push(() => response.end('done'))
      return undefined
    }).listen(0, '127.0.0.1')
    answers = []
    await once(upstream, 'listening')
    const { port } = upstream.address() as AddressInfo
    await writeFile(
      join(folder, 'serve.yaml'),
      `listen: 127.0.0.1:1\nadmin: { listen: "127.0.0.1:0" }\nupstream: http://127.0.0.1:${port}\nrules:\n  - { path: /towns, quotas: 1/day }\n`,
    )
  })
  afterAll(() => {
    upstream.closeAllConnections()
    upstream.close()
  })

  async function serving(stderr: 'pipe' | number = 'pipe') {
    const child = startWith({ stderr }, ['serve', 'serve.yaml', '--port', '0'])
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const [, url] = /^spillway listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec((await lines.next()).value) ?? []
    const [, admin] = /^spillway admin on (http:\/\/127\.0\.0\.1:\d+)$/.exec((await lines.next()).value) ?? []
    return { child, url: url!, admin: admin! }
  }

  test('enforces the policy on a free port, and stops with 0 on SIGTERM', async () => {
    const { child, url, admin } = await serving()

    expect((await fetch(`${url}/towns`)).status).toBe(200)
    expect((await fetch(`${url}/towns`)).status).toBe(429)
    expect((await fetch(`${url}/forests`)).status).toBe(200)
    expect((await fetch(`${admin}/healthz`)).status).toBe(200)

    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([0, null])
  })

  test('finishes a request that is in flight before it stops', async () => {
    const { child, url } = await serving()
    const answered = once(get(`${url}/slow`), 'response')
    await expect.poll(() => answers.length).toBe(1)

    child.kill('SIGINT')
    await expect
      .poll(
        () =>
          fetch(url).then(
            () => 'open',
            () => 'closed',
          ),
        { timeout: 10_000 },
      )
      .toBe('closed')
    answers.pop()?.()
    const [response] = await answered
    response.resume()
    expect(response.statusCode).toBe(200)
    expect(await once(child, 'close')).toEqual([0, null])
  })

  test('a second signal ends it at once', async () => {
    const { child, url } = await serving()
    const cut = once(get(`${url}/slow`), 'response').catch(() => 'cut')
    await expect.poll(() => answers.length).toBe(1)
    let log = ''
    child.stderr.on('data', (chunk) => {
      log += chunk
    })

    child.kill('SIGTERM')
    await expect.poll(() => log).toContain('SIGTERM')
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([1, null])
    expect(await cut).toBe('cut')
    answers.pop()
  })

  test.skipIf(!existsSync('/dev/full'))('goes on where its log cannot be written', async () => {
    const full = openSync('/dev/full', 'w')
    const { child, url } = await serving(full)
    closeSync(full)

    expect((await fetch(`${url}/towns`)).status).toBe(200)
    expect((await fetch(`${url}/towns`)).status).toBe(429)
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([0, null])
  })

  test.skipIf(!existsSync('/dev/full'))('starts where its address cannot be printed, as the log has it', async () => {
    const full = openSync('/dev/full', 'w')
    const child = startWith({ stdout: full }, ['serve', 'serve.yaml', '--port', '0'])
    closeSync(full)
    const [line] = await once(createInterface({ input: child.stderr }), 'line')
    expect((await fetch(`${JSON.parse(line).address}/forests`)).status).toBe(200)
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([0, null])
  })

  test('an address in use is said in one sentence', async () => {
    const { port } = upstream.address() as AddressInfo
    const { code, out, err } = await run('serve', 'serve.yaml', '--port', String(port))

    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^spillway: 127\.0\.0\.1:\d+ is in use by another process: .*\n$/)
  })
})
