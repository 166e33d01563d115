import { defineConfig } from 'vitest/config'
import { closingLine } from './scripts/closing-line.js'
import { standardDecorators } from './scripts/standard-decorators.js'
import base from './tsconfig.base.json' with { type: 'json' }

/** Tests read the packages' sources, not what was built from them. */
const alias = Object.entries(base.compilerOptions.paths).map(([name, [file]]) => ({
  find: new RegExp(`^${name}$`),
  replacement: new URL(file as string, import.meta.url).pathname,
}))

/** Tests that start, stop and break servers of Redis. */
const SERVERS = ['packages/*/test/redis/**/*.test.ts', 'test/support/*.test.ts']

export default defineConfig({
  plugins: [standardDecorators()],
  resolve: { alias },
  test: {
    reporters: ['default', closingLine()],
    maxWorkers: 2,
    // Long enough for a slow machine: a test that hangs fails all the same.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { include: ['packages/*/src/**/*.ts'], exclude: ['**/*.test.ts'], reporter: ['text-summary', 'html'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'packages',
          include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
          exclude: SERVERS,
          globalSetup: ['test/support/redis-program.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'servers',
          include: SERVERS,
          globalSetup: ['test/support/redis-program.ts'],
          // They time real servers: what else the machine does may make one late, not three times in a row.
          retry: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'examples',
          include: ['examples/**/*.test.ts'],
          globalSetup: ['test/support/redis-program.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'workspace',
          include: ['test/**/*.test.ts'],
          exclude: SERVERS,
          globalSetup: ['test/build.ts'],
        },
      },
    ],
  },
})
