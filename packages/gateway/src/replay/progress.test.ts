import { expect, test, vi } from 'vitest'
import { combinedFormat } from '../logs/formats/combined.js'
import { logTexts } from '../logs/log-line.js'
import type { LogFile } from '../logs/open-log.js'
import { recordingTerminal } from '../terminal/terminal.fixture.js'
import { progressOf } from './progress.js'

const LARGE = { path: 'access.log', size: 10_000_000 }

/** What is written to standard error, as if it were a screen, when a replay of the files has come half way. */
function drawn(files: readonly LogFile[], interactive: boolean): string {
  const { write, isTTY } = process.stderr
  const pieces: string[] = []
  process.stderr.write = ((piece: string) => pieces.push(piece) > 0) as typeof process.stderr.write
  process.stderr.isTTY = true
  try {
    const progress = progressOf(files, recordingTerminal(interactive))
    progress.bytes(5_000_000)
    progress.lines(10_000)
    progress.stop()
  } finally {
    process.stderr.write = write
    process.stderr.isTTY = isTTY
  }
  return pieces.join('')
}

test('a person sees how far a large log is, lines a second and the time that is left', () => {
  expect(drawn([LARGE], true)).toMatch(/█{20}░{20} 50 %, [\d,]+ lines\/s, \S+ left/)
})

test('a signal that ends a replay gives the cursor back, which the bar hides', () => {
  const written: string[] = []
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((piece) => written.push(String(piece)) > 0)
  const { isTTY } = process.stderr
  process.stderr.isTTY = true
  try {
    progressOf([LARGE], recordingTerminal(true))
    expect(written.join('')).toContain('\u001b[?25l')
    process.emit('SIGINT', 'SIGINT')
    expect(written.join('')).toContain('\u001b[?25h')
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGINT')
  } finally {
    kill.mockRestore()
    write.mockRestore()
    process.stderr.isTTY = isTTY
  }
})

test.each([
  ['a program reads standard error', [LARGE], false],
  ['the log is small', [{ path: 'access.log', size: 1_000 }], true],
  ['a log has no size, as standard input has none', [LARGE, { path: '-' }], true],
] as const)('no bar is drawn where %s', (_, files, interactive) => {
  expect(drawn(files, interactive)).toBe('')
})

test('the format of a log is said, with a name that no terminal obeys', () => {
  const terminal = recordingTerminal()
  progressOf([LARGE], terminal).recognised('a\u001b[2J.log', {
    format: combinedFormat(logTexts()),
    read: 199,
    lines: 200,
  })
  expect(terminal.errs).toEqual(['a\\u{1b}[2J.log: format combined, by 199 of its first 200 lines'])
})
