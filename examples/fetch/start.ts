/**
 * The application on Node: `npx tsx examples/fetch/start.ts`, then
 *
 *     curl -i http://127.0.0.1:3000/towns                          # 20 a minute for each client
 *     curl -i 'http://127.0.0.1:3000/search?depth=5'               # costs as much as it is deep
 *     curl -i -X POST 'http://127.0.0.1:3000/login?password=wrong' # three wrong guesses a minute, right ones are free
 *     curl -i http://127.0.0.1:3000/reports/year                   # two a minute for all reports together
 *     curl -i http://127.0.0.1:3000/health                         # as often as you like
 */
import type { HttpBindings } from '@hono/node-server'
import { serve } from '@hono/node-server'
import { application } from './app.js'

const fetch = (request: Request, bindings: object) => {
  const { incoming } = bindings as HttpBindings
  return application(request, { address: incoming.socket.remoteAddress })
}

serve({ fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' }, (address) => {
  console.log(`listening on http://127.0.0.1:${address.port}`)
})
