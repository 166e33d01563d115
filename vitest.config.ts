import { defineConfig } from 'vitest/config'
import { closingLine } from './scripts/closing-line.js'
import base from './tsconfig.base.json' with { type: 'json' }

/** Tests read the packages' sources, not what was built from them. */
const alias = Object.entries(base.compilerOptions.paths).map(([name, [file]]) => ({
  find: new RegExp(`^${name}$`),
  replacement: new URL(file as string, import.meta.url).pathname,
}))

export default defineConfig({
  test: {
    reporters: ['default', closingLine()],
    maxWorkers: 2,
    testTimeout: 20_000,
    coverage: { include: ['packages/*/src/**/*.ts'], exclude: ['**/*.test.ts'], reporter: ['text-summary', 'html'] },
    projects: [
      {
        resolve: { alias },
        test: { name: 'packages', include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'] },
      },
      {
        resolve: { alias },
        test: { name: 'workspace', include: ['test/**/*.test.ts'], globalSetup: ['test/build.ts'] },
      },
    ],
  },
})
