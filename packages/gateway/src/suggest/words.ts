/** A number as a person reads it: `12,345`. */
export function number(value: number): string {
  return value.toLocaleString('en')
}

/** `1 client`, `12,345 clients`. */
export function counted(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** A share as a percentage of three digits: `0.125 %`. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`
}

/** A moment in UTC, to the second. */
export function moment(at: number): string {
  return new Date(at / 1000).toISOString().replace('T', ' ').slice(0, 19)
}

/** `a minute`, `an hour`. */
export function aWindow(name: string): string {
  return name === 'hour' ? 'an hour' : `a ${name}`
}
