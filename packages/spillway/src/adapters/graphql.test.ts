import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { ApolloServer } from '@apollo/server'
import { expressMiddleware } from '@as-integrations/express5'
import express from 'express'
import type { FieldNode } from 'graphql'
import { GraphQLError, parse } from 'graphql'
import { createHandler } from 'graphql-http/lib/use/http'
import { afterEach, describe, expect, it } from 'vitest'
import { listening } from '../../test/listening.js'
import { createGuard } from '../guard.js'
import { memoryStore } from '../store/memory/memory.js'
import { send } from '../testing/raw-client.js'
import type { GraphqlOptions, Operation } from './graphql.js'
import { limitOperations, rateLimit } from './graphql.js'

// Where vitest would find another copy than graphql-http has.
const { buildSchema, execute, visit }: typeof import('graphql') = createRequire(import.meta.url)('graphql')

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const schema = buildSchema('type Query { town: Town } type Town { name: String, near: Town }')
const rootValue = { town: { name: 'Ulm', near: { name: 'Neu-Ulm' } } }

/** One unit a field. */
function fields({ document }: Operation): number {
  let count = 0
  visit(document, { Field: (_: FieldNode) => void count++ })
  return count
}

async function query(port: number, text: string) {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const answer = await send(port, '/graphql', { method: 'POST', headers, chunks: [JSON.stringify({ query: text })] })
  return { status: answer.status, headers: answer.headers, ...JSON.parse(answer.body) }
}

async function graphqlHttp(limit: Parameters<typeof rateLimit>[0], options: GraphqlOptions): Promise<number> {
  const limited = rateLimit(limit, options)(execute)
  const handler = createHandler({
    schema,
    rootValue,
    execute: limited,
    context: (request, params) => ({ req: request.raw, res: request.context.res, params }),
  })
  const { port, close } = await listening(createServer(handler))
  ends.push(close)
  return port
}

describe('rateLimit of GraphQL', () => {
  it('takes as many units as an operation is complex', async () => {
    const port = await graphqlHttp('10/minute', { name: 'graph', cost: fields })
    expect(await query(port, '{ town { name near { name } } }')).toMatchObject({
      data: { town: { name: 'Ulm' } },
      headers: { ratelimit: '"graph";r=6;t=60' },
    })
    expect(await query(port, '{ town { near { near { near { near { near { name } } } } } } }')).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', problem: { status: 429, 'violated-policies': ['graph'] } } }],
    })
    expect(await query(port, '{ town { name } }')).toMatchObject({ data: { town: { name: 'Ulm' } } })
  })

  it('says of an operation above the limit that it will never pass', async () => {
    const port = await graphqlHttp('2/minute', { cost: fields })
    const { errors } = await query(port, '{ town { near { name } } }')
    expect(errors[0].extensions.problem).not.toHaveProperty('retry-after')
  })

  it('refuses by an error of GraphQL itself, as Yoga and others hide any other from clients', async () => {
    const check = limitOperations('1/minute', { name: 'graph' })
    const operation = { document: parse('{ town { name } }') }
    expect(await check(operation)).toBeUndefined()
    const error = await check(operation)
    expect(error).toBeInstanceOf(GraphQLError)
    expect(error).toMatchObject({ name: 'GraphQLError', originalError: undefined, verdict: { kind: 'deny' } })
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      message: '1 request per minute for this client. Try again in 1 minute.',
      extensions: {
        code: 'RATE_LIMITED',
        http: { status: 429 },
        problem: expect.objectContaining({ 'retry-after': 60 }),
      },
    })
  })

  it('fails an operation whose cost is none, and never executes it', async () => {
    const port = await graphqlHttp('2/minute', { cost: () => 0 })
    const sent = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      chunks: ['{"query":"{ town { name } }"}'],
    }
    expect(await send(port, '/graphql', sent)).toMatchObject({ status: 500, body: '' })
  })

  it('takes a guard, whose costs get the operation', async () => {
    const guard = createGuard({
      rules: [{ name: 'graph', path: '/graphql', quotas: '3/minute' }],
      costs: { graph: ({ request }) => fields(request as Operation) },
      store: memoryStore(),
    })
    const port = await graphqlHttp(guard, {})
    expect(await query(port, '{ town { name } }')).toHaveProperty('data')
    expect(await query(port, '{ town { name } }')).not.toHaveProperty('data')
  })

  it('counts by whom a function names', async () => {
    const by = ({ contextValue }: Operation) =>
      (contextValue as { req: { headers: Record<string, string> } }).req.headers['x-user']
    const check = limitOperations('1/minute', { by })
    const operation = (user: string) => ({
      document: { kind: 'Document', definitions: [] } as unknown as Operation['document'],
      contextValue: { req: { url: '/graphql', rawHeaders: [], headers: { 'x-user': user }, socket: {} } },
    })
    expect(await check(operation('alice'))).toBeUndefined()
    expect(await check(operation('alice'))).toMatchObject({ extensions: { http: { status: 429 } } })
    expect(await check(operation('bob'))).toBeUndefined()
  })

  it('refuses an operation of Apollo with 429', async () => {
    const check = limitOperations('3/minute', { name: 'graph', cost: fields })
    const apollo = new ApolloServer<{ req: express.Request; res: express.Response }>({
      typeDefs: 'type Query { town: String }',
      resolvers: { Query: { town: () => 'Ulm' } },
      plugins: [
        {
          requestDidStart: async () => ({
            async didResolveOperation({ document, request, contextValue }) {
              const error = await check({ document, variableValues: request.variables ?? {}, contextValue })
              if (error !== undefined) throw error
            },
          }),
        },
      ],
    })
    await apollo.start()
    const app = express().use(
      '/graphql',
      express.json(),
      expressMiddleware(apollo, { context: async (context) => context }),
    )
    const { port, close } = await listening(createServer(app))
    ends.push(() => apollo.stop(), close)
    expect(await query(port, '{ a: town b: town }')).toMatchObject({
      status: 200,
      headers: { ratelimit: '"graph";r=1;t=60' },
    })
    expect(await query(port, '{ a: town b: town }')).toMatchObject({
      status: 429,
      headers: { 'retry-after': '60' },
      errors: [{ extensions: { code: 'RATE_LIMITED', problem: { 'retry-after': 60 } } }],
    })
  })
})
