import type { Server } from './server-rounds.js'
import { startWorker } from './worker.js'

/** Starts one of the bench's own servers as a process: a built script that answers the question `port`. */
export async function startServer(script: string, name: string, parameters: readonly string[] = []): Promise<Server> {
  const worker = await startWorker(script, [name, ...parameters])
  try {
    return { name, pid: worker.pid, port: await worker.ask<number>('port'), stop: worker.stop }
  } catch (error) {
    await worker.stop()
    throw error
  }
}
