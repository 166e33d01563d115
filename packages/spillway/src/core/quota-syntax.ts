import { nearest } from './nearest.js'
import type { Micros } from './units.js'
import { DAY, HOUR, MILLISECOND, MINUTE, MONTH, SECOND, WEEK, YEAR } from './units.js'

/** The longest text of a quota or a span that is read. */
const LONGEST_TEXT = 1_000

/** How much of the text a message shows on each side of the fault. */
const SHOWN_EACH_SIDE = 40

/** A quota or a span of time that cannot be read. The message shows the place, with a caret under it, and how to mend it. */
export class QuotaSyntaxError extends Error {
  override readonly name = 'QuotaSyntaxError'
  /** What was read. */
  readonly text: string
  /** Where in `text` the fault is, from 0 to its length. */
  readonly index: number

  constructor(problem: string, text: string, index: number) {
    super(`${problem}\n${pointAt(text, index)}`)
    this.text = text
    this.index = index
  }
}

/** Reads a text from left to right; `index` is the next character to read. */
export interface Scanner {
  readonly text: string
  index: number
}

/**
 * Starts to read, past white space. `example` shows in messages what could be written. Throws `QuotaSyntaxError` where
 * nothing is written, or more than 1,000 characters, and `TypeError` for what is no text.
 */
export function scanner(text: string, example: string): Scanner {
  if (typeof text !== 'string') throw new TypeError(`expected a text such as "${example}", got ${typeof text}`)
  if (text.length > LONGEST_TEXT) {
    throw new QuotaSyntaxError(`more than ${LONGEST_TEXT} characters`, text, LONGEST_TEXT)
  }
  const scan = { text, index: 0 }
  skipSpaces(scan)
  if (atEnd(scan)) throw new QuotaSyntaxError(`nothing there: write for example "${example}"`, text, scan.index)
  return scan
}

/** Whether everything has been read. */
export function atEnd(scan: Scanner): boolean {
  return scan.index >= scan.text.length
}

/** Moves past white space (of ASCII). */
export function skipSpaces(scan: Scanner): void {
  while (isSpace(codeHere(scan))) scan.index++
}

/** Whether a digit comes next. */
export function digitIsNext(scan: Scanner): boolean {
  return isDigit(codeHere(scan))
}

/** Moves past one of the characters, if it comes next. */
export function skipOneOf(scan: Scanner, characters: string): boolean {
  if (atEnd(scan) || !characters.includes(scan.text.charAt(scan.index))) return false
  scan.index++
  return true
}

/** Moves past a word of lower-case letters, if it comes next in either case. More letters may follow it. */
export function skipLetters(scan: Scanner, letters: string): boolean {
  if (scan.text.slice(scan.index, scan.index + letters.length).toLowerCase() !== letters) return false
  scan.index += letters.length
  return true
}

/** Reads a whole number, without a sign, below 2^53. `what` names it in faults. */
export function readWholeNumber(scan: Scanner, what: string): number {
  const start = scan.index
  while (digitIsNext(scan)) scan.index++
  if (scan.index === start) throw fault(scan, `expected ${what}, a whole number,${found(scan)}`)

  const value = Number(scan.text.slice(start, scan.index))
  if (!Number.isSafeInteger(value)) throw fault(scan, `${what} must be below 2^53`, start)
  if (scan.text[scan.index] === '.') throw fault(scan, `${what} must be a whole number: decimals are not exact`)
  return value
}

/** Reads a unit of time, such as `ms`, `s`, `min`, `hours`, and gives its length. */
export function readUnit(scan: Scanner): Micros {
  const start = scan.index
  while (isLetter(codeHere(scan))) scan.index++
  const word = scan.text.slice(start, scan.index)
  if (word === '') throw fault(scan, `expected a unit of time, such as "s" or "minutes",${found(scan)}`)
  if (word === 'M') throw fault(scan, '"M" could mean minutes or months: write "min" or "month"', start)

  const length = UNITS.get(word.toLowerCase())
  if (length !== undefined) return length

  const meant = abbreviated(word) ?? nearest(word, UNITS.keys())
  const mending = meant === undefined ? `one of ${SPELLED_UNITS}` : `did you mean "${meant}"?`
  throw fault(scan, `${quoted(word)} is not a unit of time: ${mending}`, start)
}

/** The unit that a few letters stand for, as `y`, `mo` and `hrs` do: of those that are none an edit would name another. */
function abbreviated(word: string): string | undefined {
  if (word.length > 3) return undefined
  const lower = word.toLowerCase()
  const letters = new RegExp(`^${[...lower].join('.*')}`)
  const units = [...UNITS.keys()]
  return units.find((unit) => unit.startsWith(lower)) ?? units.find((unit) => letters.test(unit))
}

/** Reads a span such as `90s`, `15 minutes` or `1h30m`: each unit once, larger ones first. */
export function readSpan(scan: Scanner): Micros {
  const start = scan.index
  let span = 0
  let smallest = Number.POSITIVE_INFINITY
  do {
    const partStart = scan.index
    const count = readWholeNumber(scan, 'the number of units of time')
    skipSpaces(scan)
    const unit = readUnit(scan)
    if (unit >= smallest) throw fault(scan, 'larger units of time come first, each once, such as "1h30m"', partStart)
    smallest = unit
    span += count * unit
    skipSpaces(scan)
  } while (digitIsNext(scan))

  if (!Number.isSafeInteger(span)) throw fault(scan, 'more than 2^53 microseconds', start)
  return span
}

/** An error at a place of the text: where the scanner is, unless said otherwise. */
export function fault(scan: Scanner, problem: string, index: number = scan.index): QuotaSyntaxError {
  return new QuotaSyntaxError(problem, scan.text, index)
}

/** ` found "x"`, or that the text ends here: the end of a sentence that says what was expected. */
export function found(scan: Scanner): string {
  return atEnd(scan) ? ' but the text ends' : ` found ${quoted(scan.text.charAt(scan.index))}`
}

const UNITS: ReadonlyMap<string, Micros> = new Map(
  [
    { short: 'ms', words: ['millisecond'], length: MILLISECOND },
    { short: 's', words: ['sec', 'second'], length: SECOND },
    { short: 'm', words: ['min', 'minute'], length: MINUTE },
    { short: 'h', words: ['hour'], length: HOUR },
    { short: 'd', words: ['day'], length: DAY },
    { short: 'w', words: ['week'], length: WEEK },
    { short: undefined, words: ['month'], length: MONTH },
    { short: undefined, words: ['year'], length: YEAR },
  ].flatMap(({ short, words, length }) =>
    [...(short === undefined ? [] : [short]), ...words, ...words.map((word) => `${word}s`)].map(
      (name) => [name, length] as const,
    ),
  ),
)

const SPELLED_UNITS = 'ms, s, m (or min), h, d, w, second, minute, hour, day, week, month, year'

/** One line of the text around the place, and a caret under it. What a terminal would not print as one column is `?`. */
function pointAt(text: string, index: number): string {
  const from = Math.max(0, index - SHOWN_EACH_SIDE)
  const to = Math.min(text.length, index + SHOWN_EACH_SIDE)
  const before = from > 0 ? '…' : ''
  const after = to < text.length ? '…' : ''
  const shown = printable(text.slice(from, to))
  return `  ${before}${shown}${after}\n  ${' '.repeat(before.length + index - from)}^`
}

function quoted(text: string): string {
  return `"${printable(text.slice(0, SHOWN_EACH_SIDE))}${text.length > SHOWN_EACH_SIDE ? '…' : ''}"`
}

function printable(text: string): string {
  let shown = ''
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    shown += code >= 32 && code < 127 ? text.charAt(i) : '?'
  }
  return shown
}

function codeHere(scan: Scanner): number {
  return atEnd(scan) ? -1 : scan.text.charCodeAt(scan.index)
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isLetter(code: number): boolean {
  const lower = code | 32
  return lower >= 97 && lower <= 122
}
