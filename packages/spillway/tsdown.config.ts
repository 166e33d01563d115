import { defineConfig } from 'tsdown'

/** How many entries are adapters. */
const ADAPTERS = 10

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    identity: 'src/identity/index.ts',
    regex: 'src/policy/regex.ts',
    node: 'src/adapters/node.ts',
    express: 'src/adapters/express.ts',
    fastify: 'src/adapters/fastify.ts',
    koa: 'src/adapters/koa.ts',
    hono: 'src/adapters/hono.ts',
    fetch: 'src/adapters/fetch.ts',
    nest: 'src/adapters/nest/index.ts',
    trpc: 'src/adapters/trpc.ts',
    graphql: 'src/adapters/graphql.ts',
    ws: 'src/adapters/ws.ts',
    redis: 'src/store/redis/index.ts',
    client: 'src/client/index.ts',
    decorators: 'src/decorators/index.ts',
    explain: 'src/explain/index.ts',
    'compat/asgi-ratelimit': 'src/compat/asgi-ratelimit/index.ts',
    testing: 'src/testing/index.ts',
    'testing-required': 'src/testing/required.ts',
  },
  format: 'esm',
  dts: true,
  fixedExtension: false,
  platform: 'neutral',
  deps: { neverBundle: [/^node:/] },
  target: 'node20',
  logLevel: 'warn',
  // Node takes as long to find a file as to read a thousand lines: what all adapters need is in two. (Not the types.)
  outputOptions: {
    codeSplitting: {
      groups: [
        {
          name: 'core',
          test: /src.(core|identity|store.memory.clock).*(?<!\.d)\.ts$/,
          minShareCount: ADAPTERS + 1,
          priority: 1,
        },
        { name: 'limit', test: /(?<!\.d)\.ts$/, minShareCount: ADAPTERS },
      ],
    },
  },
  inputOptions: { checks: { pluginTimings: false } },
})
