export { counted, moment, number } from '../replay/wording.js'

/** A share as a percentage of three digits: `0.125 %`. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`
}

/** `a minute`, `an hour`. */
export function aWindow(name: string): string {
  return name === 'hour' ? 'an hour' : `a ${name}`
}
