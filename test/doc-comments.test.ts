import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import base from '../tsconfig.base.json' with { type: 'json' }

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const { 'spillway-gateway': _, ...entries } = base.compilerOptions.paths
const { options } = ts.convertCompilerOptionsFromJson(base.compilerOptions, ROOT)
const program = ts.createProgram(
  Object.values(entries).map(([file]) => `${ROOT}${file}`),
  options,
)
const checker = program.getTypeChecker()

/** What an editor shows only a name of. */
function undocumented(symbols: readonly ts.Symbol[]): readonly string[] {
  return symbols.filter((symbol) => symbol.getDocumentationComment(checker).length === 0).map(({ name }) => name)
}

function exportsOf(file: string | undefined): readonly ts.Symbol[] {
  const source = program.getSourceFile(`${ROOT}${file}`)
  const module = source && checker.getSymbolAtLocation(source)
  if (module === undefined) throw new Error(`${file} is no module`)
  const isAlias = (symbol: ts.Symbol) => (symbol.flags & ts.SymbolFlags.Alias) !== 0
  return checker.getExportsOfModule(module).map((each) => (isAlias(each) ? checker.getAliasedSymbol(each) : each))
}

describe('the doc comments that an editor shows', () => {
  it.each(Object.entries(entries))('are there for all that %s exports', (_, [file]) => {
    expect(undocumented(exportsOf(file))).toEqual([])
  })

  it('are there for every key of an option, a hook, and what a policy is written with', () => {
    const written = Object.values(entries)
      .flatMap(([file]) => exportsOf(file))
      .filter(({ name, flags }) => /(Options|Hooks|Input)$/.test(name) && (flags & ts.SymbolFlags.Interface) !== 0)
    expect(written.length).toBeGreaterThan(20)
    const keys = written.flatMap((symbol) =>
      undocumented(checker.getDeclaredTypeOfSymbol(symbol).getProperties()).map((key) => `${symbol.name}.${key}`),
    )
    expect([...new Set(keys)]).toEqual([])
  })
})
