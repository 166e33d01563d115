import { execFileSync } from 'node:child_process'
import { link, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.js'
import { recordingTerminal } from '../terminal/terminal.fixture.js'
import { expectNotRead } from './new-file.js'
import { replay } from './replay.js'
import { suggest } from './suggest.js'

const LOG = '192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 12 "-" "Mozilla/5.0"\n'
const IS_READ = 'it is one of the files that are read. Name another'

describe('what is read is never written over', () => {
  const SUGGESTION = { utcOffset: 0, refuse: 0.001, holdOut: 0, force: true }

  test.each(['access.log', 'groups.csv', 'linked.log', 'another-name.log'])('by suggest: %s', async (name) => {
    const folder = temporaryFolder()
    const at = (file: string) => join(folder, file)
    await writeFile(at('access.log'), LOG)
    await writeFile(at('groups.csv'), 'mia,admin\n')
    await symlink('access.log', at('linked.log'))
    await link(at('access.log'), at('another-name.log'))
    const terminal = recordingTerminal()
    const options = { ...SUGGESTION, groups: at('groups.csv'), output: at(name) }

    expect(await suggest([at('access.log')], options, terminal)).toBe(1)
    expect(terminal.errs).toEqual([`spillway: ${at(name)} was not written: ${IS_READ}`])
    expect(await readFile(at('access.log'), 'utf8')).toBe(LOG)
    expect(await readFile(at('groups.csv'), 'utf8')).toBe('mia,admin\n')
  })

  test('by replay: its file of groups', async () => {
    const folder = temporaryFolder()
    const at = (file: string) => join(folder, file)
    await writeFile(at('access.log'), LOG)
    await writeFile(at('groups.csv'), 'mia,admin\n')
    await writeFile(at('policy.yaml'), 'rules: [{ path: /**, quotas: 1/second }]')
    const terminal = recordingTerminal()
    const options = { policy: at('policy.yaml'), utcOffset: 0, top: 10, groups: at('groups.csv') }

    expect(await replay([at('access.log')], { ...options, report: at('groups.csv') }, {}, terminal)).toBe(1)
    expect(terminal.errs).toEqual([`spillway: ${at('groups.csv')} was not written: ${IS_READ}`])
    expect(await readFile(at('groups.csv'), 'utf8')).toBe('mia,admin\n')
  })

  test('but another file of the same folder is', async () => {
    const folder = temporaryFolder()
    await writeFile(join(folder, 'access.log'), LOG)
    await expectNotRead(join(folder, 'spillway.yaml'), [join(folder, 'access.log'), '-', join(folder, 'none')])
    expect(await readdir(folder)).toEqual(['access.log'])
  })
})

test('an empty name, as of a variable that is not set, is said before anything is read', async () => {
  const terminal = recordingTerminal()
  const why = 'is empty: is a variable of the shell not set?'
  const call = { utcOffset: 0, refuse: 0.001, holdOut: 0 }
  expect(await suggest(['none.log'], { ...call, output: '' }, terminal)).toBe(1)
  expect(await suggest([''], call, terminal)).toBe(1)
  expect(await replay(['none.log'], { policy: '', utcOffset: 0, top: 10 }, {}, terminal)).toBe(1)
  expect(terminal.errs).toEqual([
    `spillway: "" was not written: the name of a file ${why}`,
    `spillway: the name of a log ${why}`,
    `:1:1 error the name of the policy file ${why}`,
  ])
})

test('a page is written to no file that is called -', async () => {
  const folder = temporaryFolder()
  const terminal = recordingTerminal()
  const options = { policy: join(folder, 'p.yaml'), utcOffset: 0, top: 10, report: '-' }
  expect(await replay([join(folder, 'access.log')], options, {}, terminal)).toBe(1)
  expect(terminal.errs).toEqual(['spillway: - was not written: a page goes to a file, such as report.html'])
})

describe('a disk that is full', { timeout: 60_000 }, () => {
  const WRITE = `import { writeNewFile } from ${JSON.stringify(import.meta.resolve('./new-file.ts'))}
    const [file, replace] = process.argv.slice(1)
    await writeNewFile(file, 'x'.repeat(100_000), replace === 'replace').catch((error) => console.log(error.message))`

  /** Writes more than this process may: as a full disk does, that fails after a part is written. */
  function writeTooMuch(file: string, how: 'new' | 'replace'): string {
    const node = [
      process.execPath,
      '--import',
      import.meta.resolve('tsx'),
      '--input-type=module',
      '-e',
      WRITE,
      file,
      how,
    ]
    const limited = 'trap "" XFSZ; ulimit -f 1; exec "$0" "$@"'
    return execFileSync('sh', ['-c', limited, ...node], { encoding: 'utf8' })
  }

  test('leaves nothing behind, so that the next try is not told that the file is there', async () => {
    const folder = temporaryFolder()
    for (const how of ['new', 'replace'] as const) {
      expect(writeTooMuch(join(folder, 'p.yaml'), how)).toContain('p.yaml was not written: EFBIG')
      expect(await readdir(folder)).toEqual([])
    }
  })

  test('costs nobody the file that was to be replaced', async () => {
    const folder = temporaryFolder()
    await writeFile(join(folder, 'p.yaml'), 'rules: []\n')
    expect(writeTooMuch(join(folder, 'p.yaml'), 'replace')).toContain('p.yaml was not written: EFBIG')
    expect(await readFile(join(folder, 'p.yaml'), 'utf8')).toBe('rules: []\n')
    expect(await readdir(folder)).toEqual(['p.yaml'])
  })
})
