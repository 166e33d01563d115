import type { AddressInfo } from 'node:net'
import { memoryStore } from 'spillway'
import { application } from './app.js'
import { createThrottler } from './throttler.js'

const throttler = createThrottler(1, memoryStore())
throttler.addBucket('user_id', { replenishTime: 10, maxTokens: 5 })

const server = application(throttler).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(`curl -i http://127.0.0.1:${port}/`)
})
