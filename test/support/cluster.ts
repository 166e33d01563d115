import { freePort } from './free-port.js'
import type { RedisServer } from './redis-process.js'
import { redisServer } from './redis-server.js'
import { until } from './until.js'

/** A Cluster of three masters, a third of the slots each, and a replica of each. */
export interface ClusterSetUp {
  /** What clients are told: `{ host, port }` of each node. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[]
  readonly masters: readonly RedisServer[]
  /** The master, at the start, of a key's slot. */
  masterOf(key: string): Promise<RedisServer>
  /** Kills a master, or makes it hang, and waits until its replica serves its slots. */
  failOver(master: RedisServer, by?: 'kill' | 'pause'): Promise<void>
}

interface Node {
  readonly server: RedisServer
  readonly busPort: number
  readonly id: string
}

const SLOTS = 16_384

/** Starts six servers and joins them; resolves once every node serves and every replica is in sync. */
export async function clusterSetUp(): Promise<ClusterSetUp> {
  const nodes = await Promise.all(Array.from({ length: 6 }, clusterNode))
  const masters = nodes.slice(0, 3)
  const replicas = nodes.slice(3)

  await Promise.all(nodes.map(({ server }, at) => server.cli('CLUSTER', 'SET-CONFIG-EPOCH', String(at + 1))))
  await Promise.all(masters.map(({ server }, at) => server.cli('CLUSTER', 'ADDSLOTSRANGE', ...slotsOf(at))))
  for (const { server, busPort } of nodes.slice(1)) {
    await nodes[0]!.server.cli('CLUSTER', 'MEET', '127.0.0.1', String(server.port), String(busPort))
  }
  await everyNode(nodes, 'knows the others', ['CLUSTER', 'INFO'], /cluster_known_nodes:6/)
  await Promise.all(replicas.map(({ server }, at) => server.cli('CLUSTER', 'REPLICATE', masters[at]!.id)))
  await everyNode(replicas, 'is in sync', ['INFO', 'replication'], /master_link_status:up/)
  await everyNode(masters, 'has its replica', ['INFO', 'replication'], /connected_slaves:1/)
  await everyNode(nodes, 'serves', ['CLUSTER', 'INFO'], /cluster_state:ok/)
  await everyNode(nodes, 'knows the replicas', ['CLUSTER', 'NODES'], /^(?=(.*slave.*\n?){3})/s)

  async function slotOf(key: string): Promise<number> {
    return Number(await masters[0]!.server.cli('CLUSTER', 'KEYSLOT', key))
  }

  return {
    nodes: nodes.map(({ server }) => ({ host: '127.0.0.1', port: server.port })),
    masters: masters.map(({ server }) => server),
    async masterOf(key) {
      return masters[Math.floor(((await slotOf(key)) * 3) / SLOTS)]!.server
    },
    async failOver(master, by = 'kill') {
      const replica = replicas[masters.findIndex(({ server }) => server === master)]!
      await master[by]()
      await everyNode([replica], 'is a master', ['INFO', 'replication'], /role:master/)
      await everyNode([replica], 'serves', ['CLUSTER', 'INFO'], /cluster_state:ok/)
    },
  }
}

async function clusterNode(): Promise<Node> {
  const busPort = await freePort()
  const config = [
    'cluster-enabled yes',
    `cluster-port ${busPort}`,
    'cluster-node-timeout 1000',
    'repl-diskless-sync-delay 0',
  ]
  const server = await redisServer({ config })
  return { server, busPort, id: await server.cli('CLUSTER', 'MYID') }
}

function slotsOf(master: number): [string, string] {
  return [String(Math.ceil((master * SLOTS) / 3)), String(Math.ceil(((master + 1) * SLOTS) / 3) - 1)]
}

function everyNode(nodes: readonly Node[], what: string, command: readonly string[], is: RegExp): Promise<void> {
  return until(`every node ${what}`, async () => {
    const replies = await Promise.all(nodes.map(({ server }) => server.cli(...command)))
    return replies.every((reply) => is.test(reply))
  })
}
