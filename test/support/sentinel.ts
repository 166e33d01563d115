import type { RedisServer } from './redis-process.js'
import { redisServer } from './redis-server.js'
import { until } from './until.js'

/** A master with a replica, watched by three Sentinels that agree within a second on who is down. */
export interface SentinelSetUp {
  /** What clients are told: `{ host, port }` of each Sentinel. */
  readonly sentinels: readonly { readonly host: string; readonly port: number }[]
  /** Under which name the Sentinels know the master. */
  readonly name: string
  /** The master at the start. */
  readonly master: RedisServer
  readonly replica: RedisServer
  /** Kills the master and waits until the replica takes writes. */
  failOver(): Promise<void>
}

const PERIODS = [
  'INFO-PERIOD',
  '100',
  'PUBLISH-PERIOD',
  '100',
  'PING-PERIOD',
  '100',
  'ASK-PERIOD',
  '100',
  'DEFAULT-DOWN-AFTER',
  '500',
]

/** Starts them all; resolves once the replica is in sync and the Sentinels know of it and of each other. */
export async function sentinelSetUp(): Promise<SentinelSetUp> {
  const name = 'main'
  const master = await redisServer()
  const replica = await redisServer({ config: [`replicaof 127.0.0.1 ${master.port}`, 'repl-diskless-sync-delay 0'] })
  await until('the replica is in sync', async () =>
    /master_link_status:up/.test(await replica.cli('INFO', 'replication')),
  )

  const watched = [
    `sentinel monitor ${name} 127.0.0.1 ${master.port} 2`,
    `sentinel down-after-milliseconds ${name} 500`,
    `sentinel failover-timeout ${name} 3000`,
  ]
  const sentinels = await Promise.all([1, 2, 3].map(() => redisServer({ sentinel: true, config: watched })))
  // They look around every one to ten seconds of themselves: too long for a test.
  await Promise.all(sentinels.map((each) => each.cli('SENTINEL', 'DEBUG', ...PERIODS)))
  await until('the Sentinels know the replica and each other', async () => {
    const views = await Promise.all(sentinels.map((each) => each.cli('SENTINEL', 'MASTER', name)))
    return views.every((view) => /num-slaves\n1\n/.test(view) && /num-other-sentinels\n2\n/.test(view))
  })

  return {
    sentinels: sentinels.map(({ port }) => ({ host: '127.0.0.1', port })),
    name,
    master,
    replica,
    async failOver() {
      await master.kill()
      await until('the replica is the master', async () => /role:master/.test(await replica.cli('INFO', 'replication')))
    },
  }
}
