import { expect, test } from 'vitest'
import { clusterSetUp } from '../../../../test/support/cluster.js'
import { gatewayOn, LIMIT, untilAvailable, untilShared } from './scene.js'

test('a gateway on a cluster counts exactly together with another, and goes on when a master is killed', async () => {
  const { nodes, masters, failOver } = await clusterSetUp()
  const cluster = nodes.slice(0, 2).map(({ host, port }) => `${host}:${port}`)
  const [first, second] = [await gatewayOn({ redis: { cluster } }), await gatewayOn({ redis: { cluster } })]
  await untilShared(2, first.metric)
  const [a, b] = await Promise.all([first.statuses(LIMIT), second.statuses(LIMIT)])
  expect((a[200] ?? 0) + (b[200] ?? 0)).toBe(LIMIT)

  await failOver(masters[0]!)
  await untilAvailable(first.metric)
  const after = await first.statuses(LIMIT)
  expect((after[200] ?? 0) + (after[429] ?? 0)).toBe(LIMIT)
})
