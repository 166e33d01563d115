import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { cli: 'src/cli.ts', index: 'src/index.ts' },
  format: 'esm',
  dts: true,
  fixedExtension: false,
  platform: 'node',
  target: 'node20',
  logLevel: 'warn',
  // An editor finds it beside the command.
  copy: [{ from: '../../spec/policy.schema.json', to: 'dist' }],
  inputOptions: { checks: { pluginTimings: false } },
})
