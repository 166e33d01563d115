import { describe, expect, it } from 'vitest'
import { evictionWarning } from './eviction.js'

/** What `INFO memory` of Redis 7.0 says, as far as it matters here. */
function infoOf(bound: string, policy: string): string {
  return `# Memory\r\nused_memory:1048576\r\nmaxmemory:${bound}\r\nmaxmemory_human:1G\r\nmaxmemory_policy:${policy}\r\n`
}

function connected(command?: (...args: readonly string[]) => Promise<unknown>) {
  const connection = { script: () => Promise.reject(new Error('not asked for')), cluster: false }
  return command === undefined ? connection : { ...connection, command }
}

describe('evictionWarning', () => {
  it('warns of a server that may drop counts, and says what to set', async () => {
    const asked: string[][] = []
    const command = (...args: readonly string[]) => {
      asked.push([...args])
      return Promise.resolve(infoOf('1073741824', 'allkeys-lru'))
    }
    expect(await evictionWarning(connected(command))).toBe(
      'the server drops keys when its memory is full, counts and blocks too (maxmemory 1073741824, maxmemory-policy allkeys-lru): set maxmemory-policy to noeviction, or give the counts a server of their own',
    )
    expect(asked).toEqual([['INFO', 'memory']])
  })

  it.each([
    ['0', 'allkeys-lru'],
    ['1073741824', 'noeviction'],
  ])('says nothing where maxmemory is %s and the policy %s', async (bound, policy) => {
    expect(await evictionWarning(connected(() => Promise.resolve(infoOf(bound, policy))))).toBeUndefined()
  })

  it('says nothing where the server or the client does not tell', async () => {
    expect(await evictionWarning(connected(() => Promise.resolve('')))).toBeUndefined()
    expect(await evictionWarning(connected())).toBeUndefined()
  })
})
