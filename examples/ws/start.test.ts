import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { started } from '../../test/examples/serving.js'

async function connect(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  return socket
}

describe('examples/ws/start.ts', () => {
  it('drops what a connection sends too fast', async () => {
    const { port } = await started('examples/ws/start.ts')
    const socket = await connect(port)
    const told: string[] = []
    socket.on('message', (data) => told.push(String(data)))
    for (const text of ['a', 'b', 'c', 'd']) socket.send(text)
    while (told.length < 4) await once(socket, 'message')
    expect(told).toEqual(['a', 'b', 'c', 'not sent: deny'])
  })

  it('refuses a sixth connection', async () => {
    const { port } = await started('examples/ws/start.ts')
    for (let i = 0; i < 5; i++) await connect(port)
    await expect(connect(port)).rejects.toThrow('429')
  })
})
