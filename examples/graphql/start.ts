/**
 * A graph whose operations cost one unit a field: `npx tsx examples/graphql/start.ts`, then
 *
 *     curl -i 'http://127.0.0.1:3000/graphql?query=%7Btowns%7Bname%7D%7D'   # two of ten units a minute
 */
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { createHandler } from 'graphql-http/lib/use/http'
import type { Operation } from 'spillway/graphql'
import { rateLimit } from 'spillway/graphql'

// The copy of graphql-js that graphql-http has.
const { buildSchema, execute, visit }: typeof import('graphql') = createRequire(import.meta.url)('graphql')

const schema = buildSchema('type Query { towns: [Town] } type Town { name: String, near: [Town] }')
const tartu = { name: 'Tartu', near: [{ name: 'Elva' }] }

/** One unit a field. */
function complexity({ document }: Operation): number {
  let fields = 0
  visit(document, { Field: () => void fields++ })
  return Math.max(1, fields)
}

const handler = createHandler({
  schema,
  rootValue: { towns: [tartu] },
  execute: rateLimit('10/minute', { name: 'graph', cost: complexity })(execute),
  context: ({ raw, context }) => ({ req: raw, res: context.res }),
})

const server = createServer(handler)
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
