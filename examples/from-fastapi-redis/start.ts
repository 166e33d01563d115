import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { fromIoredis, ioredisOptions, redisStore } from 'spillway/redis'
import { hello } from './hello.js'
import { tokenBucket } from './token-bucket.js'
import { perMinute } from './users.js'

const APPLICATIONS = { hello, users: perMinute, 'token-bucket': tokenBucket }
const [name = 'hello'] = process.argv.slice(2)
if (!Object.hasOwn(APPLICATIONS, name)) throw new RangeError(`there are ${Object.keys(APPLICATIONS).join(', ')}`)

const client = new Redis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379', ioredisOptions)
// Each of the three applications has counts of its own.
const store = redisStore(fromIoredis(client), { prefix: `${name}:` })
const app = APPLICATIONS[name as keyof typeof APPLICATIONS](store)

// So that the first requests are not counted in this process alone. Without Redis the application starts all the same.
await Promise.race([once(client, 'ready').catch(() => undefined), setTimeout(1_000)])
const server = app.listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(`curl -i http://127.0.0.1:${port}${name === 'hello' ? '/' : '/data'}`)
})
