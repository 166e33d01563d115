import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { parseCondition } from '../replay/fail-if.js'
import { at, line, result, run } from './replay.fixture.js'
import { schemaFaults } from './schema.fixture.js'

describe('replay', () => {
  test('counts who would have been denied and blocked, by rule', async () => {
    const logins = [0, 1, 2, 3].map((second) => line(second, 'POST /login', { status: 401 })).join('')
    const found = await result(`${logins}${line(4, 'GET /a', { address: '198.51.100.1' })}`)

    expect(found).toMatchObject({
      requests: 5,
      clients: 2,
      allowed: 3,
      denied: { requests: 1, clients: 1, requestShare: 0.2, clientShare: 0.5 },
      blocked: { requests: 1, clients: 1 },
      refused: { requests: 2, clients: 1 },
      refusedBy: { succeeded: 0, suspect: 2, other: 0 },
      unparsed: { lines: 0 },
    })
    expect(found.rules).toMatchObject([
      { name: 'login', requests: 4, allowed: 2, denied: 1, blocked: 1, clients: 1, refusedClients: 1 },
      { name: 'rest', requests: 1, denied: 0, peaks: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0] },
    ])
    expect(found.refusedClients).toMatchObject([
      {
        name: 'ip:203.0.113.7',
        requests: 4,
        suspect: 2,
        first: Date.UTC(2015, 4, 17, 10, 0, 2) * 1000,
        refusedFor: 1e6,
      },
    ])
  })

  test('shows what is on trial as lines of its own, and it refuses nobody', async () => {
    const policy = at('trial.yaml')
    await writeFile(policy, 'rules: [{ name: all, path: /**, quotas: 9/minute, candidate: 2/minute, enforce: 50% }]')
    const addresses = Array.from({ length: 40 }, (_, i) => `203.0.113.${i}`)
    const log = [0, 1, 2].flatMap((second) => addresses.map((address) => line(second, 'GET /', { address }))).join('')
    const { denied, rules } = await result(log, { policy })

    expect(denied.requests).toBe(0)
    expect(rules).toMatchObject([
      { name: 'all', mode: 'enforce', denied: 0 },
      { name: 'all', mode: 'shadow', denied: 0 },
      { name: 'all', mode: 'candidate', quotas: [{ limit: 2 }] },
    ])
    const [enforced, shadowed, tried] = rules
    expect((enforced?.requests ?? 0) + (shadowed?.requests ?? 0)).toBe(120)
    expect(tried?.requests).toBe(enforced?.requests)
    expect(tried?.denied).toBe(enforced?.clients ?? 0)
    expect((await run([at('access.log')], { policy })).out).toContain('all (candidate)')
  })

  test('tells what refused requests came to, known bots apart, and the hour of the week', async () => {
    const agent = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
    const found = await result([0, 1, 2, 3, 4].map((second) => line(second, 'GET /', { agent })).join(''))

    expect(found.refusedBy).toEqual({ succeeded: 2, suspect: 0, other: 0 })
    expect(found.bots).toMatchObject({ requests: 5, denied: 2, byName: [{ name: 'Googlebot', denied: 2 }] })
    // The 17th of May 2015 was a Sunday.
    expect([found.heat.requests[6]?.[10], found.heat.refused[6]?.[10]]).toEqual([5, 2])
  })

  test('prints as many known bots as a list may show names, however few paths are refused', async () => {
    const bots = ['Googlebot/2', 'bingbot', 'AhrefsBot', 'MJ12bot'].map((agent) => line(0, 'GET /', { agent }))
    await writeFile(at('access.log'), bots.join(''))
    const shown = async (top: number) => (await run([at('access.log')], { top })).out.match(/\w+bot/gi)
    expect(await shown(10)).toEqual(['AhrefsBot', 'Googlebot', 'MJ12bot', 'bingbot'])
    expect(await shown(2)).toEqual(['AhrefsBot', 'Googlebot'])
  })

  test('prints JSON as its schema says, and the schema knows no other', async () => {
    await writeFile(
      at('strict.yaml'),
      'rules:\n  - { name: day, path: /**, quotas: { limit: 1, algorithm: fixed-window, every: day } }\n',
    )
    const log = `${[0, 1, 2, 3, 4].map((second) => line(second, 'GET /')).join('')}nonsense\n`
    const found = await result(log, { compare: at('strict.yaml') })
    expect(found.compare?.refused.requests).toBe(4)
    expect(found.refusedClients[0]?.timeline).toBeDefined()
    await result(log, { policy: at('strict.yaml') })
    await result('')

    expect(schemaFaults('replay', { ...found, more: 1 })).toEqual([': must NOT have additional properties'])
    expect(schemaFaults('replay', { ...found, refused: { requests: 1 } })).not.toEqual([])
    expect(schemaFaults('replay', { ...found, compare: undefined, from: 'May' })).toEqual(['/from: must be number'])
  })

  test('writes a report beside what it prints, which stays the same', async () => {
    const log = [0, 1, 2, 3, 4].map((second) => line(second, 'GET /')).join('')
    const plain = await result(log)
    expect(await result(log, { report: at('report.html') })).toEqual(plain)
    expect(await readFile(at('report.html'), 'utf8')).toContain('<em>1 of 1 client</em>')
  })

  test.each([
    ['none/report.html', 'its folder does not exist'],
    ['', 'it is a folder: name a file in it'],
    ['./access.log', 'it is one of the files that are read. Name another'],
    ['policy.yaml', 'it is one of the files that are read. Name another'],
  ])('says before it reads a log that %j cannot be the report', async (report, why) => {
    const log = line(0, 'GET /')
    await writeFile(at('access.log'), log)
    const { code, out, err } = await run([at('access.log')], { report: at(report) })
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: `spillway: ${at(report)} was not written: ${why}` })
    expect(await readFile(at('access.log'), 'utf8')).toBe(log)
  })

  test('reads what can be read only once, such as a pipe, whole and beside files', async () => {
    const pipe = at('pipe')
    execFileSync('mkfifo', [pipe])
    await writeFile(at('access.log'), line(60, 'GET /'))
    const writing = writeFile(pipe, [0, 1, 2].map((second) => line(second, 'GET /')).join(''))
    const { out } = await run([at('access.log'), pipe], { json: true })
    await writing
    expect(JSON.parse(out)).toMatchObject({ requests: 4, logs: [{ file: pipe }, { file: at('access.log') }] })
  })

  test('names a file that cannot be read, and says why', async () => {
    const packed = gzipSync(Array.from({ length: 200 }, (_, second) => line(second, `GET /${randomUUID()}`)).join(''))
    await writeFile(at('cut.log.gz'), packed.subarray(0, packed.length / 2))
    for (const [log, options, file, why] of [
      ['none.log', {}, 'none.log', 'there is no such file'],
      ['none*.log', {}, 'none*.log', 'there is no such file'],
      ['', {}, '', 'it is a folder: name the files in it'],
      ['cut.log.gz', {}, 'cut.log.gz', 'its gzip data ends too early: the file is cut short'],
      ['access.log', { groups: at('none.csv') }, 'none.csv', 'there is no such file'],
    ] as const) {
      const { code, err } = await run([at(log)], options)
      expect({ code, err }).toEqual({ code: 1, err: `spillway: ${at(file)}: ${why}` })
    }
  })

  test('says which lines are no requests, by number and reason, and drops none in silence', async () => {
    await writeFile(at('access.log'), `${line(0, 'GET /')}\u001b[2Jnonsense\n${line(1, 'GET /')}`)
    const { code, err } = await run([at('access.log')])

    expect(code).toBe(0)
    expect(err).toContain('format combined, by 2 of its first 3 lines')
    expect(err).toContain(`${at('access.log')}:2: it does not begin with an address: \\u{1b}[2Jnonsense`)
  })

  test('says so where there is no request at all: a check in a pipeline has then looked at nothing', async () => {
    await writeFile(at('empty.log'), '')
    const { code, err } = await run([at('empty.log')], { failIf: [parseCondition('denied.clients > 0.1%')] })
    expect({ code, err }).toEqual({ code: 0, err: 'there is no request in these logs: nothing was decided' })
  })

  test('shows paths and users from a log as text that no terminal obeys', async () => {
    const address = '\u001b]0;owned\u0007\u202e.example'
    const log = [0, 1, 2, 3].map((second) => line(second, 'GET /<script>', { address })).join('')
    await writeFile(at('access.log'), `${log}${line(4, 'GET /\u001b[2J')}`)
    const { out, err } = await run([at('access.log')])

    expect((out + err).match(/[^\P{Cc}\n]|\u202e/gu)).toBeNull()
    expect(out).toContain('ip:\\u{1b}]0;owned\\u{7}\\u{202e}.example')
    expect(out).toContain('1 request has an ambiguous target: 400')
  })

  test('reads JSON lines whose fields are named', async () => {
    const json = JSON.stringify({ when: '2015-05-17T10:00:00Z', who: { ip: '::1' }, method: 'GET', url: '/' })
    const fields = { time: 'when', address: 'who.ip' }
    expect(await result(`${json}\n`.repeat(4), { fields })).toMatchObject({ requests: 4, denied: { requests: 1 } })
  })

  test('compares with another policy: whom it would newly refuse, and newly free', async () => {
    await writeFile(
      at('other.yaml'),
      'rules:\n  - { path: /login, quotas: 100/minute }\n  - { path: /**, quotas: 1/minute }\n',
    )
    const logins = line(0, 'POST /login', { address: '203.0.113.1' }).repeat(3)
    const gets = line(1, 'GET /', { address: '203.0.113.2' }).repeat(2)
    const found = await result(logins + gets, { compare: at('other.yaml') })

    expect(found.compare).toEqual({
      policy: at('other.yaml'),
      refused: { requests: 1, clients: 1 },
      newlyRefused: { clients: 1, first: [{ name: 'ip:203.0.113.2', requests: 2, refused: 1 }] },
      newlyFreed: { clients: 1, first: [{ name: 'ip:203.0.113.1', requests: 3, refused: 1 }] },
    })
    expect((await run([at('access.log')], { compare: at('other.yaml') })).out).toContain(
      'newly refused: 1 client: ip:203.0.113.2 (1)',
    )
  })

  test('ends with 3, and says so, where a condition is met', async () => {
    await writeFile(at('access.log'), line(0, 'GET /').repeat(4))
    const [met, other] = [parseCondition('denied.clients > 0.1%'), parseCondition('denied.requests > 1')]
    const failed = await run([at('access.log')], { failIf: [met, other] })

    expect(failed.code).toBe(3)
    expect(failed.err).toContain('denied.clients > 0.1% is met: it is 100 %')
    expect(failed.err).not.toContain('denied.requests')
    expect(await run([at('access.log')], { failIf: [other] })).toMatchObject({ code: 0 })
  })

  test.each([
    [['none.log'], {}, 'none.log: '],
    [['.'], {}, 'it is a folder'],
    [['policy.yaml'], {}, 'none of its first lines is of a known format'],
  ])('a log that cannot be read is a fault: %j', async (logs, options, message) => {
    const { code, out, err } = await run(logs.map(at), options)

    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(message)
  })

  test('a faulty policy is reported with its place', async () => {
    await writeFile(at('bad.yaml'), 'rules:\n  - path: /a\n    qoutas: 1/s\n')
    const { code, err } = await run([at('access.log')], { policy: at('bad.yaml') })

    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining('bad.yaml:3:5 error rules[0].qoutas: '),
    })
  })
})
