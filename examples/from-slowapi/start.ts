import type { AddressInfo } from 'node:net'
import { application } from './app.js'

const server = application().listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(`curl -i http://127.0.0.1:${port}/data`)
})
