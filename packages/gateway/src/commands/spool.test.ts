import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { logFile } from '../logs/open-log.js'
import { spooled } from './spool.js'

test('files stay where they are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-spool-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'access.log'), 'a line\n')
  const files = [await logFile(join(folder, 'access.log'))]

  const spool = await spooled(files, Readable.from([]))
  expect(spool.files).toEqual(files)
  await spool.remove()
  expect(existsSync(join(folder, 'access.log'))).toBe(true)
})

test('standard input can be read again, by this user alone, until it is removed', async () => {
  const spool = await spooled([{ path: '-' }], Readable.from([Buffer.from('a line\n'), Buffer.from('another\n')]))
  const [{ path, size, copy = '' } = {}] = spool.files
  expect({ path, size }).toEqual({ path: '-', size: 15 })
  expect(await readFile(copy, 'utf8')).toBe('a line\nanother\n')
  expect((await stat(join(copy, '..'))).mode & 0o077).toBe(0)

  await spool.remove()
  expect(existsSync(join(copy, '..'))).toBe(false)
})
