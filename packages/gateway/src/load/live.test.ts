import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { recordingTerminal } from '../terminal/terminal.fixture.js'
import { figures } from './figures.js'
import { liveView } from './live.js'

const TITLE = { target: 'http://127.0.0.1:8080/', rate: 10, clients: 2, seconds: 4 }

/** Seconds in which so many were admitted, denied and failed. */
function shown(
  interactive: boolean,
  ...seconds: readonly (readonly [admitted: number, denied: number, failed: number])[]
) {
  const terminal = recordingTerminal(interactive)
  const view = liveView(TITLE, terminal)
  const counting = figures()
  for (const [i, counts] of seconds.entries()) {
    for (const [j, kind] of (['admitted', 'denied', 'failed'] as const).entries()) {
      for (let n = 0; n < (counts[j] ?? 0); n++) {
        counting.sent(0)
        counting.head(kind, 200)
        counting.end(kind, 1_234)
      }
    }
    view(i + 1, counting, 3)
  }
  return terminal.errs
}

describe('the view of a load', () => {
  test('is a line a second where no person reads it', () => {
    expect(shown(false, [8, 2, 0], [0, 0, 1])).toEqual([
      '1 s: admitted 8, denied 2, errors 0, p50 1.23 ms, p99 1.23 ms, max 1.23 ms',
      '2 s: admitted 0, denied 0, errors 1, p50 1.23 ms, p99 1.23 ms, max 1.23 ms',
    ])
  })

  test('is written over itself on a terminal: bars of one scale, sums, and the latencies of the last second', () => {
    const [first, second] = shown(true, [8, 2, 0], [4, 4, 1])
    const plain = stripVTControlCharacters(second ?? '').split('\n')

    expect(first?.startsWith('\u001b[2K')).toBe(true)
    expect(second?.startsWith(`\u001b[${plain.length}A`)).toBe(true)
    expect(plain.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      'http://127.0.0.1:8080/ 10/s, clients: 2',
      `${'█'.repeat(20)}${'░'.repeat(20)} 2 of 4 s`,
      'admitted 4/s █▄ 12',
      'denied 4/s ▂▄ 6',
      'errors 1/s ▁ 1',
      'p99 1.23 ms ██ ',
      'p50 1.23 ms p90 1.23 ms max 1.23 ms unanswered: 3',
    ])
  })
})
