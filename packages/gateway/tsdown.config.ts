import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { index: 'src/index.ts', cli: 'src/cli.ts' },
  format: 'esm',
  dts: { entry: 'src/index.ts' },
  fixedExtension: false,
  platform: 'node',
  target: 'node20',
})
