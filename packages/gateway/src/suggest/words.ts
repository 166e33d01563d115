import { counted, number, shortPercent } from '../spelling/numbers.js'
import type { RefusedShare } from './suggestion.js'

/** `3 of 200 clients (1.5 %)`. */
export function refusedOf({ clients, refused, share }: RefusedShare): string {
  return `${number(refused)} of ${counted(clients, 'client')} (${shortPercent(share)})`
}

/** `a minute`, `an hour`. */
export function aWindow(name: string): string {
  return name === 'hour' ? 'an hour' : `a ${name}`
}
