import { readFile } from 'node:fs/promises'
import { LogError, unreadable } from '../logs/log-error.js'
import type { GroupOf } from './who.js'

/**
 * Reads groups from a CSV file of two columns (RFC 4180), the user's name, key or address and the group. A first line
 * `user,group` is a heading. Throws a `LogError` where it cannot be read, with the line that is none of these.
 */
export async function readGroups(file: string): Promise<GroupOf> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unreadable(file, error)
  })
  const groups = new Map<string, string>()
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue
    const cells = cellsOf(line)
    const [user, group] = cells ?? []
    if (cells?.length !== 2 || !user || !group) {
      throw new LogError(`${file}:${index + 1}: a line is USER,GROUP`)
    }
    if (index === 0 && user.toLowerCase() === 'user' && group.toLowerCase() === 'group') continue
    groups.set(user, group)
  }
  return groups
}

function cellsOf(line: string): string[] | undefined {
  const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)]
  if (cells.reduce((length, [all]) => length + all.length, 0) !== line.length) return undefined
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain?.trim() ?? '')
}
