import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'

/** An empty folder for all tests of a file. */
export function sharedFolder(): string {
  const folder = emptyFolder()
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An empty folder for the length of the test. */
export function temporaryFolder(): string {
  const folder = emptyFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'spillway-'))
}
