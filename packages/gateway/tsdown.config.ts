import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { cli: 'src/cli.ts', index: 'src/index.ts' },
  format: 'esm',
  dts: true,
  fixedExtension: false,
  platform: 'node',
  target: 'node20',
  logLevel: 'warn',
  inputOptions: { checks: { pluginTimings: false } },
})
