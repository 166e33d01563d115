/**
 * A process with the middleware: answers `ok` on a free port, whose URL is its first line. Called with the URL of Redis
 * and a policy.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import { createGuard, parsePolicy } from 'spillway'
import { rateLimit } from 'spillway/node'
import { fromIoredis, ioredisOptions, redisStore } from 'spillway/redis'

const [url = '', policy = ''] = process.argv.slice(2)
const store = redisStore(fromIoredis(new Redis(url, ioredisOptions)))
const limit = rateLimit(createGuard(parsePolicy(JSON.parse(policy)), { store }))

const server = createServer((request, response) => {
  limit(request, response, (error) => {
    response.statusCode = error === undefined ? 200 : 500
    response.end('ok')
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
