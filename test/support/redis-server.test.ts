import { describe, expect, it } from 'vitest'
import { endServers } from './redis-process.js'
import { redisServer } from './redis-server.js'

describe('a Redis server of the tests', () => {
  it('answers on a port of its own, and forgets everything when it starts again', async () => {
    const server = await redisServer()
    await server.cli('SET', 'a', '1')
    const { pid } = server

    await server.restart()

    expect(await server.cli('GET', 'a')).toBe('')
    expect(server.pid).not.toBe(pid)
  })

  it('rejects where the server answers with an error', async () => {
    const server = await redisServer({ config: ['maxmemory 1'] })

    await expect(server.cli('SET', 'a', '1')).rejects.toThrow('OOM')
  })

  it('is gone when it was killed, and when the tests end even where it was paused', async () => {
    const [killed, paused] = [await redisServer(), await redisServer()]
    paused.pause()

    await killed.kill()
    endServers()

    await expect(killed.cli('PING')).rejects.toThrow('Connection refused')
    await expect(paused.cli('PING')).rejects.toThrow('Connection refused')
  })
})
