import { defineConfig } from 'tsdown'

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
    redis: 'src/store/redis/index.ts',
    client: 'src/client/index.ts',
    decorators: 'src/decorators/index.ts',
    explain: 'src/explain/index.ts',
    'compat/asgi-ratelimit': 'src/compat/asgi-ratelimit/index.ts',
    testing: 'src/testing/index.ts',
  },
  format: 'esm',
  dts: true,
  fixedExtension: false,
  platform: 'neutral',
  deps: { neverBundle: [/^node:/] },
  target: 'node20',
  logLevel: 'warn',
  inputOptions: { checks: { pluginTimings: false } },
})
