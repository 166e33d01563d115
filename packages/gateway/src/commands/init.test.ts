import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sharedFolder } from '../../test/support/folder.js'
import { recordingTerminal } from '../terminal/terminal.fixture.js'
import { check } from './check.js'
import { init } from './init.js'

const folder = sharedFolder()

test('the starter policy has neither faults nor warnings, and serve can run it', async () => {
  const file = join(folder, 'new.yaml')
  const terminal = recordingTerminal()

  expect(await init(file, {}, terminal)).toBe(0)
  expect(await check(file, { strict: true }, {}, terminal)).toBe(0)
  expect(terminal.errs).toEqual([])
  expect(await readFile(file, 'utf8')).toMatch(/^listen: .*\nupstream: /m)
})

test('what it suggests in comments is right too', async () => {
  const file = join(folder, 'commented.yaml')
  await init(file, {}, recordingTerminal())
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace(/# (admin:|- jwt:|- header:|mode:)/g, '$1'))
  const terminal = recordingTerminal()
  const env = { SPILLWAY_ADMIN_TOKEN: 'x'.repeat(32), JWT_SECRET: 'y'.repeat(32) }

  expect(await check(file, {}, env, terminal)).toBe(0)
  expect(terminal.errs).toEqual([expect.stringContaining('only watches')])
})

test('a file that is there is kept, unless it is forced', async () => {
  const file = join(folder, 'mine.yaml')
  await writeFile(file, 'mine')
  const terminal = recordingTerminal()

  expect(await init(file, {}, terminal)).toBe(1)
  expect(terminal.errs[0]).toContain('--force')
  expect(await readFile(file, 'utf8')).toBe('mine')

  expect(await init(file, { force: true }, terminal)).toBe(0)
  expect(await readFile(file, 'utf8')).not.toBe('mine')
})

test('a folder that is not there is said', async () => {
  const terminal = recordingTerminal()

  expect(await init(join(folder, 'none', 'p.yaml'), {}, terminal)).toBe(1)
  expect(terminal.errs[0]).toContain('folder does not exist')
})

test('a folder in place of the file is said, and that YAML is written under no name of JSON', async () => {
  const terminal = recordingTerminal()

  expect(await init(folder, {}, terminal)).toBe(1)
  expect(terminal.errs[0]).toBe(`spillway: ${folder} was not written: it is a folder: name a file in it`)
  expect(await init(join(folder, 'policy.json'), { force: true }, terminal)).toBe(1)
  expect(terminal.errs[1]).toContain('Let its name end in .yaml')
})
