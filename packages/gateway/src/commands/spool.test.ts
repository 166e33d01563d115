import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, onTestFinished, test, vi } from 'vitest'
import { LogError } from '../logs/log-error.js'
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

test('where there is no room for the copy, it is said where it was put and how to name another place', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-spool-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' })
  const input = new Readable({ read: (): void => void input.destroy(full) })

  await expect(spooled([{ path: '-' }], input)).rejects.toThrow(
    new LogError(`-: there is no room for a copy of it in ${folder}: name another folder in TMPDIR`),
  )
  expect(await readdir(folder)).toEqual([])

  vi.stubEnv('TMPDIR', join(folder, 'none'))
  await expect(spooled([{ path: '-' }], Readable.from([]))).rejects.toThrow(
    new LogError(`a copy of - cannot be made in ${join(folder, 'none')}: name another folder in TMPDIR`),
  )
})
