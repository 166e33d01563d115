import { HTTP_TOKEN } from './http-token.js'
import { shown } from './shown.js'

/** The checks of options that a program passes. Each throws, with the option's name, what a programmer has to mend. */

/**
 * Throws a `TypeError` unless `options` is an object whose keys are all in `names`: a misspelt check must not be a
 * missing one.
 */
export function onlyOptions(of: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw new TypeError(`${of}: expected an object of options`)

  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(`${of}: there is no option ${JSON.stringify(unknown)}, only ${names.join(', ')}`)
  }
}

/** A text that is not empty; throws a `TypeError` for anything else. */
export function textOption(value: unknown, option: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new TypeError(`${option}: expected a text that is not empty, not ${shown(value)}`)
}

/** The lower-case name of a header (RFC 9110, 5.1); throws a `TypeError` for anything else. */
export function headerOption(value: unknown, option: string): string {
  if (typeof value === 'string' && HTTP_TOKEN.test(value)) return value.toLowerCase()
  throw new TypeError(`${option}: expected the name of a header, not ${shown(value)}`)
}

/** A whole number from `least` to `most`; throws a `RangeError` for anything else. */
export function integerOption(value: unknown, least: number, most: number, option: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`${option}: expected a whole number from ${least} to ${most}, not ${shown(value)}`)
}

/** One of `choices`; throws a `RangeError` for anything else. */
export function choiceOption<T>(value: unknown, choices: readonly T[], option: string): T {
  const choice = choices.find((each) => each === value)
  if (choice !== undefined) return choice
  throw new RangeError(`${option}: expected ${choices.map(shown).join(' or ')}, not ${shown(value)}`)
}

/** A function, or nothing; throws a `TypeError` for anything else, which would fail only once it is called. */
export function functionOption(value: unknown, option: string): void {
  if (value === undefined || typeof value === 'function') return
  throw new TypeError(`${option}: expected a function, not ${shown(value)}`)
}
