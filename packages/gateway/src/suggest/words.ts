import { counted, number } from '../replay/wording.js'
import type { RefusedShare } from './suggestion.js'

export { counted, moment, number } from '../replay/wording.js'

/** A share as a percentage of three digits: `0.125 %`. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`
}

/** `3 of 200 clients (1.5 %)`. */
export function refusedOf({ clients, refused, share }: RefusedShare): string {
  return `${number(refused)} of ${counted(clients, 'client')} (${percent(share)})`
}

/** `a minute`, `an hour`. */
export function aWindow(name: string): string {
  return name === 'hour' ? 'an hour' : `a ${name}`
}
