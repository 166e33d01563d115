import type { AddressInfo } from 'node:net'
import { createGuard, memoryStore } from 'spillway'
import { application } from './app.js'
import { members } from './identity.js'
import { rules } from './rules.js'

const guard = createGuard({
  rules: rules.townsAndForests,
  identity: [members],
  anonymous: 'deny',
  store: memoryStore(),
})

const server = application(guard).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(`curl -i -H 'x-api-key: key-of-mia' http://127.0.0.1:${port}/towns`)
})
