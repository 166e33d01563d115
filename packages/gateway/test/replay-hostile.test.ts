import { execFileSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { parsePolicy } from 'spillway'
import { beforeAll, describe, expect, test } from 'vitest'
import { installMissing } from '../../../test/support/debian-package.js'
import { logFile } from '../src/logs/open-log.js'
import { resultOf } from '../src/replay/build-result.js'
import { runReplays } from '../src/replay/run.js'
import { sharedFolder } from './support/folder.js'

const policy = parsePolicy({ rules: [{ name: 'all', path: '/**', quotas: '3/minute' }] })
const folder = sharedFolder()

beforeAll(() => {
  installMissing('zstd', 'zstd')
}, 120_000)

/** A line at a second of 2026-01-31. */
function line(second: number, { year = 2026, zone = '+0000', target = '/' } = {}): string {
  const time = new Date(second * 1000).toISOString().slice(11, 19)
  return `203.0.113.7 - - [31/Jan/${year}:${time} ${zone}] "GET ${target} HTTP/1.1" 200 1 "-" "curl/8"\n`
}

async function written(name: string, log: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, log)
  return path
}

async function replayed(
  paths: readonly string[],
  input = Readable.from([] as Buffer[]),
  onBytes: () => void = () => undefined,
) {
  const files = await Promise.all(paths.map(logFile))
  const watcher = { bytes: onBytes, lines: () => undefined, recognised: () => undefined }
  const options = { utcOffset: 0, fields: {}, stdin: input }
  const wanted = { policy, demand: false, asking: { groups: new Map<string, string>() } }
  const { replay, findings } = await runReplays(files, wanted, options, watcher)
  return resultOf(replay, 'policy', findings, 10)
}

const FIVE = [0, 1, 2, 3, 4].map((second) => line(second)).join('')

describe('a log is read', () => {
  test('packed with gzip, in several members, or with zstd', async () => {
    const members = Buffer.concat([gzipSync(FIVE), gzipSync(FIVE)])
    expect(await replayed([await written('a.gz', members)])).toMatchObject({ requests: 10, denied: { requests: 7 } })

    const plain = await written('b.log', FIVE.repeat(20_000))
    execFileSync('zstd', ['-q', plain, '-o', `${plain}.zst`])
    expect(await replayed([`${plain}.zst`])).toMatchObject({ requests: 100_000, unparsed: { lines: 0 } })
  })

  test('from standard input, a byte at a time', async () => {
    const input = Readable.from([...Buffer.from(FIVE)].map((byte) => Buffer.from([byte])))
    expect(await replayed(['-'], input)).toMatchObject({ requests: 5, denied: { requests: 2 } })
  })

  test('from several files in the order of their first requests', async () => {
    const [early, late] = [line(0) + line(1), line(30) + line(31)]
    const paths = [await written('access.log', late), await written('access.log.1', early)]
    const result = await replayed(paths)

    expect(result.logs.map(({ file }) => file)).toEqual([paths[1], paths[0]])
    expect(result).toMatchObject({ requests: 4, denied: { requests: 1 }, order: { moved: 0, late: 0 } })
  })

  test('up to where it ended when it was opened, though it grows', async () => {
    const path = await written('grows.log', FIVE.repeat(20_000))
    const result = await replayed([path], undefined, () => appendFileSync(path, FIVE.repeat(1_000)))
    expect(result).toMatchObject({ requests: 100_000, unparsed: { lines: 0 } })
  })

  test('that is empty', async () => {
    expect(await replayed([await written('empty.log', '')])).toMatchObject({ requests: 0, clients: 0 })
  })
})

describe('a hostile log', () => {
  test('may have a line of 100 MB: it is one that is no request, and takes no memory', async () => {
    const input = Readable.from(
      (function* () {
        yield Buffer.from(line(0))
        for (let i = 0; i < 100; i++) yield Buffer.alloc(1_000_000, 'a')
        yield Buffer.from(`\n${line(1)}`)
      })(),
    )
    const before = process.memoryUsage.rss()
    const result = await replayed(['-'], input)

    expect(result).toMatchObject({ requests: 2, unparsed: { lines: 1 } })
    expect(result.unparsed.first[0]).toMatchObject({
      line: 2,
      reason: 'it has 100000000 bytes: longer than any request',
    })
    expect(process.memoryUsage.rss() - before).toBeLessThan(90 * 2 ** 20)
  })

  test('may begin with a line of nearly a megabyte: no format takes long to refuse it', async () => {
    const log = Buffer.concat([Buffer.alloc(1_000_000, 'a'), Buffer.from(`\n${FIVE}`)])
    expect(await replayed([await written('long.log', log)])).toMatchObject({ requests: 5, unparsed: { lines: 1 } })
  })

  test('may hold binary, NUL and other formats: what is no request is counted', async () => {
    const binary = Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 256)).filter((byte) => byte !== 10)
    const json = '{"ts":1,"method":"GET","uri":"/","remote_ip":"::1"}\n'
    const log = Buffer.concat([Buffer.from(FIVE), binary, Buffer.from(`\n${json}\0\n${FIVE}`)])
    const result = await replayed([await written('mixed.log', log)])

    expect(result).toMatchObject({ requests: 10, unparsed: { lines: 3 } })
    expect(result.unparsed.first.map(({ line: number }) => number)).toEqual([6, 7, 8])
  })

  test('may begin in 1970 and end in 2100', async () => {
    const log = [1970, 2015, 2100].map((year) => line(0, { year }).repeat(4)).join('')
    const result = await replayed([await written('years.log', log)])

    expect(result).toMatchObject({ requests: 12, denied: { requests: 3 }, unparsed: { lines: 0 } })
    expect(result.rules[0]?.timeline.requests.reduce((a, b) => a + b)).toBe(12)
  })

  test('may have one line from the year 2100 in its midst: no window ends for it', async () => {
    const log = line(0).repeat(3) + line(5, { year: 2100 }) + line(6).repeat(3)
    expect(await replayed([await written('jump.log', log)])).toMatchObject({
      denied: { requests: 3 },
      order: { late: 0 },
    })
  })

  test('may change its time zone: its times are those of the world', async () => {
    const log = line(7_200, { zone: '+0200' }) + line(1) + line(3_602, { zone: '+0100' }) + line(3)
    expect(await replayed([await written('zones.log', log)])).toMatchObject({
      denied: { requests: 1 },
      order: { moved: 0, late: 0 },
    })
  })

  test('of a clock that is set back is followed: time that passed is the sum of the steps forward', async () => {
    const seconds = Array.from({ length: 400 }, (_, i) => 4_000 + i * 20)
    const back = Array.from({ length: 400 }, (_, i) => 1_000 + i * 20)
    const log = [...seconds, ...back].map((second) => line(second)).join('')
    const result = await replayed([await written('back.log', log)])

    // A request each 20 seconds is just what the quota allows; those of the hundred lines that come late do not.
    expect(result).toMatchObject({ requests: 800, order: { late: 100, setBack: 1 } })
    expect(result.denied.requests).toBeLessThanOrEqual(100)
  })

  test('may have long targets: a path is kept, and named, up to its 1,024th character', async () => {
    const log = [0, 1, 2, 3].map((second) => line(second, { target: `/${'a'.repeat(30_000)}/${second}` })).join('')
    const { paths } = await replayed([await written('long-paths.log', log)])
    expect(paths).toMatchObject([{ name: `/${'a'.repeat(1_023)}…`, requests: 4, denied: 1 }])
  })

  test('may have a target for each line: counts stay bounded', async () => {
    const log = Array.from({ length: 60_000 }, (_, i) => line(i, { target: `/<script>${i}` })).join('')
    const result = await replayed([await written('paths.log', log)])
    expect(result).toMatchObject({ requests: 60_000, approximate: [expect.stringContaining('too many paths')] })
  })
})
