import { expect, test } from 'vitest'
import { sentinelSetUp } from '../../../../test/support/sentinel.js'
import { gatewayOn, untilConnected } from './scene.js'

test('a gateway on a master that sentinels know goes on with the next one', async () => {
  const { sentinels, name, master, replica, failOver } = await sentinelSetUp()
  const nodes = sentinels.map(({ port }) => `redis://127.0.0.1:${port}`)
  const { statuses, metric } = await gatewayOn({ redis: { sentinel: { name, nodes } } })
  await untilConnected(master)
  expect(await statuses(2)).toEqual({ 200: 2 })

  await failOver()
  await expect
    .poll(
      async () => {
        await statuses(1)
        return metric('spillway_store_available')
      },
      { timeout: 20_000 },
    )
    .toBe(1)
  await statuses(1)
  expect(await replica.cli('KEYS', 'spillway:*towns')).not.toBe('')
})
