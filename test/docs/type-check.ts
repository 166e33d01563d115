import { join } from 'node:path'
import ts from 'typescript'
import type { Block } from './blocks.js'
import { ROOT } from './blocks.js'

/** What the pages' examples take for granted. Each block is a module of its own, so that it may declare the same names. */
const PRELUDE = `
import type { Express, RequestHandler } from 'express'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Guard, Limiter, Policy, PolicyInput, Store } from 'spillway'

declare global {
  const app: Express
  const handler: RequestHandler
  const guard: Guard
  const store: Store
  const policy: Policy
  const request: IncomingMessage
  const response: ServerResponse
}
`

/**
 * Type-checks all blocks against the sources, those marked `experimental` with experimental decorators, as Nest's are. One
 * complaint a fault, at its line of the page.
 */
export function typeFaults(blocks: readonly Block[]): string[] {
  const isExperimental = ({ marks }: Block) => marks.includes('experimental')
  return [true, false].flatMap((experimentalDecorators) =>
    faultsAmong(
      blocks.filter((block) => isExperimental(block) === experimentalDecorators),
      experimentalDecorators,
    ),
  )
}

function faultsAmong(blocks: readonly Block[], experimentalDecorators: boolean): string[] {
  const sources = new Map(blocks.map((block) => [fileOf(block), `${block.code}\nexport {}\n`]))
  const prelude = join(ROOT, 'test/docs/prelude.virtual.ts')
  sources.set(prelude, PRELUDE)

  const options = { ...compilerOptions(), experimentalDecorators }
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (file) => sources.has(file) || fileExists(file)
  host.readFile = (file) => sources.get(file) ?? readFile(file)
  host.getSourceFile = (file, target, ...rest) => {
    const source = sources.get(file)
    return source === undefined ? getSourceFile(file, target, ...rest) : ts.createSourceFile(file, source, target)
  }

  const program = ts.createProgram({ rootNames: [...sources.keys()], options, host })
  const places = new Map(blocks.map((block) => [fileOf(block), block]))
  return [...sources.keys()].flatMap((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .filter((diagnostic) => diagnostic.file?.fileName === file)
      .map((diagnostic) => complaint(places.get(file), diagnostic)),
  )
}

function fileOf({ place }: Block): string {
  return join(ROOT, 'test/docs', `${place.replace(/[^\w]/g, '-')}.virtual.ts`)
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT)
  return { ...options, noUnusedLocals: false, noUnusedParameters: false }
}

function complaint(block: Block | undefined, { file, start, messageText }: ts.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n')
  if (block === undefined) return `prelude: ${message}`

  const line = file === undefined ? 0 : ts.getLineAndCharacterOfPosition(file, start ?? 0).line + 1
  return `${block.place} +${line}: ${message}`
}
