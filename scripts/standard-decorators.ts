import { transform } from 'esbuild'

/** What vitest runs a plugin by, as far as this one needs it. */
interface SourcePlugin {
  readonly name: string
  readonly enforce: 'pre'
  readonly transform: {
    readonly filter: { readonly id: RegExp }
    handler(code: string, file: string): Promise<{ code: string; map: string }>
  }
}

/**
 * Lets tests write standard decorators (TC39, stage 3), which no engine runs yet and vitest's own compiler passes on as
 * they are: esbuild turns them into plain classes.
 */
export function standardDecorators(): SourcePlugin {
  return {
    name: 'standard-decorators',
    enforce: 'pre',
    transform: {
      filter: { id: /[/]decorators[/][^/]+[.]test[.]ts$/ },
      handler: (code, file) =>
        transform(code, { loader: 'ts', target: 'es2022', sourcemap: 'external', sourcefile: file, tsconfigRaw: {} }),
    },
  }
}
