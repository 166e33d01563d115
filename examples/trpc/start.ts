/**
 * A shop's API in tRPC: `npx tsx examples/trpc/start.ts`, then
 *
 *     curl -i http://127.0.0.1:3000/towns                                              # five a minute for each client
 *     curl -i -X POST -H content-type:application/json http://127.0.0.1:3000/order     # one a minute besides
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { initTRPC } from '@trpc/server'
import type { CreateHTTPContextOptions } from '@trpc/server/adapters/standalone'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { RefusalCause, rateLimit } from 'spillway/trpc'

const t = initTRPC.context<CreateHTTPContextOptions>().create({
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    data: { ...shape.data, ...(error.cause instanceof RefusalCause && { problem: error.cause.problem }) },
  }),
})

const limited = t.procedure.use(rateLimit('5/minute', { name: 'all' }))

const router = t.router({
  towns: limited.query(() => ['Bergen', 'Tartu']),
  order: limited.use(rateLimit('1/minute', { name: 'orders' })).mutation(() => ({ ordered: true })),
})

const server = createServer(createHTTPHandler({ router, createContext: (context) => context }))
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
