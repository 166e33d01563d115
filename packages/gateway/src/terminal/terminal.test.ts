import { afterEach, expect, test, vi } from 'vitest'
import { processTerminal } from './terminal.js'

const { stdout, stderr } = process
const before = [stdout.isTTY, stderr.isTTY]

afterEach(() => {
  ;[stdout.isTTY, stderr.isTTY] = before as [boolean, boolean]
  vi.unstubAllEnvs()
})

test.each([
  { out: true, err: true, noColor: '', term: 'xterm', coloured: true, interactive: true },
  { out: false, err: true, noColor: '', term: 'xterm', coloured: false, interactive: true },
  { out: true, err: false, noColor: '', term: 'xterm', coloured: true, interactive: false },
  { out: true, err: true, noColor: '1', term: 'xterm', coloured: false, interactive: false },
  { out: true, err: true, noColor: '', term: 'dumb', coloured: false, interactive: false },
])('each stream is as it is read: %j', ({ out, err, noColor, term, coloured, interactive }) => {
  ;[stdout.isTTY, stderr.isTTY] = [out, err]
  vi.stubEnv('NO_COLOR', noColor)
  vi.stubEnv('TERM', term)

  expect(processTerminal()).toMatchObject({ coloured, interactive })
})
