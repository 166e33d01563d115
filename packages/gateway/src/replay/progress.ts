import type { SingleBar } from 'cli-progress'
import bars from 'cli-progress'
import type { LogFile } from '../logs/open-log.js'
import { number } from '../spelling/numbers.js'
import { plainText } from '../spelling/plain-text.js'
import { onInterrupt } from '../terminal/on-interrupt.js'
import type { Terminal } from '../terminal/terminal.js'
import type { Watcher } from './run.js'

/** A watcher that can be told to stop. */
export interface Progress extends Watcher {
  stop(): void
}

const MEGABYTE = 1_000_000

/**
 * Says which format each log has, and, to a person, how far the replay is: a bar over the bytes of all files, lines a
 * second and the time that is left. Standard input has no end to measure by, and no bar.
 */
export function progressOf(files: readonly LogFile[], terminal: Terminal): Progress {
  const size = files.every((file) => file.size !== undefined)
    ? files.reduce((sum, file) => sum + (file.size ?? 0), 0)
    : undefined
  const bar = terminal.interactive && size !== undefined && size > MEGABYTE ? barOver(size) : undefined
  const started = performance.now()
  // The bar hides the cursor.
  const release = bar && onInterrupt(() => bar.stop())
  let lines = 0

  return {
    bytes: (count) => bar?.increment(count),
    lines(count) {
      lines += count
      bar?.update({ rate: number(Math.round((1000 * lines) / (performance.now() - started))) })
    },
    recognised: (file, { format, read, lines: first }) =>
      terminal.err(`${plainText(file)}: format ${format.name}, by ${read} of its first ${first} lines`),
    stop() {
      release?.()
      bar?.stop()
    },
  }
}

function barOver(size: number): SingleBar {
  const bar = new bars.SingleBar({
    format: (options, { progress, eta }, { rate }) => {
      const { barsize = 40 } = options
      const full = Math.round(progress * barsize)
      const time = bars.Format.TimeFormat(eta, options, 1)
      return `${'█'.repeat(full)}${'░'.repeat(barsize - full)} ${Math.floor(100 * progress)} %, ${rate} lines/s, ${time} left`
    },
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  })
  bar.start(size, 0, { rate: '…' })
  return bar
}
