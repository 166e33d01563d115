import { defineConfig } from 'vitest/config'
import base from './tsconfig.base.json' with { type: 'json' }

const alias = Object.entries(base.compilerOptions.paths).map(([name, [file]]) => ({
  find: new RegExp(`^${name}$`),
  replacement: new URL(file as string, import.meta.url).pathname,
}))

export default defineConfig({
  resolve: { alias },
  test: { include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'test/**/*.test.ts'] },
})
