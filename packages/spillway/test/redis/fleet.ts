import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { QuotaOptions } from '../../src/core/make-quota.js'
import { atTheEnd } from './connections.js'
import type { Done, Order } from './replica.js'

/** Some processes that share a Redis. */
export interface Fleet {
  /** Has every process charge one partition so many times, all at once; what each was allowed. */
  charge(zone: string, quota: QuotaOptions, charges: number): Promise<readonly Done[]>
}

const PROGRAM = fileURLToPath(new URL('replica.ts', import.meta.url))

/** Starts the processes and waits until each is connected; they end with the tests of this file. */
export async function fleet(size: number, port: number): Promise<Fleet> {
  const processes = await Promise.all(Array.from({ length: size }, () => replica(port)))
  let orders = 0

  async function put(to: ChildProcess, order: Order): Promise<Done> {
    const answered = messageOf(to)
    to.send(order)
    const done = (await answered) as Done
    if (done.id !== order.id) throw new Error(`order ${order.id} was answered by ${done.id}`)
    return done
  }

  return {
    charge(zone, quota, charges) {
      const id = ++orders
      return Promise.all(processes.map((each) => put(each, { id, zone, quota, charges })))
    },
  }
}

/** How many charges were allowed by all processes together. */
export function allowedIn(done: readonly Done[]): number {
  return done.reduce((sum, { allowed }) => sum + allowed, 0)
}

async function replica(port: number): Promise<ChildProcess> {
  const child = fork(PROGRAM, [String(port)], { execArgv: ['--import', 'tsx'] })
  atTheEnd(() => child.kill('SIGKILL'))
  await messageOf(child)
  return child
}

/** The next message of a process; rejects where it ends instead. */
async function messageOf(child: ChildProcess): Promise<unknown> {
  const over = new AbortController()
  const ended = once(child, 'exit', over).then(([code]) => {
    throw new Error(`a process of the fleet ended with ${code}`)
  })
  try {
    const [message] = (await Promise.race([once(child, 'message', over), ended])) as [unknown]
    return message
  } finally {
    ended.catch(() => undefined)
    over.abort()
  }
}
