import type { Micros } from '../../core/units.js'
import { SECOND } from '../../core/units.js'
import { within } from '../deadline.js'
import type { RedisConnection } from './connection.js'

/** No request waits for this answer, so that it may take longer than a charge. */
const PATIENCE: Micros = SECOND

/**
 * Asks the server once what it does when its memory is full. Gives a warning where it may drop counts, so that whoever
 * fills the server gets units back; `undefined` where it will not, or does not say. Rejects where nothing is known.
 */
export async function evictionWarning({ command }: RedisConnection): Promise<string | undefined> {
  if (command === undefined) return undefined
  const info = await within(PATIENCE, command('INFO', 'memory'))
  const policy = field(info, 'maxmemory_policy')
  const bound = field(info, 'maxmemory')
  if (policy === undefined || policy === 'noeviction' || bound === undefined || bound === '0') return undefined
  return `the server drops keys when its memory is full, counts and blocks too (maxmemory ${bound}, maxmemory-policy ${policy}): set maxmemory-policy to noeviction, or give the counts a server of their own`
}

function field(info: unknown, name: string): string | undefined {
  return new RegExp(`^${name}:([^\r\n]*)`, 'm').exec(String(info))?.[1]
}
