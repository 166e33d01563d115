/** Writes the JSON Schema of what `spillway replay --json` prints, from its type. With `--check` it only fails where the file is out of date. */
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { keepUpToDate } from './generated-file.js'

const source = fileURLToPath(new URL('../packages/gateway/src/replay/result.ts', import.meta.url))
const config = ts.readConfigFile(fileURLToPath(new URL('../tsconfig.base.json', import.meta.url)), ts.sys.readFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const { options } = ts.convertCompilerOptionsFromJson(config.config.compilerOptions, root)
const program = ts.createProgram({ rootNames: [source], options })
const checker = program.getTypeChecker()

/** Types with a name are defined once. */
const definitions: Record<string, object> = {}

function schemaOf(type: ts.Type): object {
  if (type.flags & ts.TypeFlags.String) return { type: 'string' }
  if (type.flags & ts.TypeFlags.Number) return { type: 'number' }
  if (type.isUnion()) return { enum: type.types.map(literalOf) }
  const element = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference)[0] : undefined
  if (element) return { type: 'array', items: schemaOf(element) }
  const name = type.isClassOrInterface() ? type.symbol.name : undefined
  if (name === undefined) return objectOf(type)
  if (definitions[name] === undefined) {
    definitions[name] = {}
    definitions[name] = { ...describing(type.symbol), ...objectOf(type) }
  }
  return { $ref: `#/$defs/${name}` }
}

function literalOf(type: ts.Type): string {
  if (type.isStringLiteral()) return type.value
  throw new Error(`of ${checker.typeToString(type)} this script knows no schema`)
}

/** No property but those of the type: what is added to the result must be added to the type, and so comes to stand here. */
function objectOf(type: ts.Type): object {
  const properties = type.getProperties()
  if (!(type.flags & ts.TypeFlags.Object || type.isIntersection()) || properties.length === 0) {
    throw new Error(`of ${checker.typeToString(type)} this script knows no schema`)
  }
  const isOptional = ({ flags }: ts.Symbol) => (flags & ts.SymbolFlags.Optional) !== 0
  return {
    type: 'object',
    properties: Object.fromEntries(properties.map((property) => [property.name, propertyOf(property)])),
    required: properties.filter((property) => !isOptional(property)).map(({ name }) => name),
    additionalProperties: false,
  }
}

function propertyOf(property: ts.Symbol): object {
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(property))
  return { ...describing(property), ...schemaOf(type) }
}

function describing(symbol: ts.Symbol): object {
  const description = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll('\n', ' ')
  return description === '' ? {} : { description }
}

const file = program.getSourceFile(source)
const exported = file && checker.getSymbolAtLocation(file)?.exports?.get('ReplayResult' as ts.__String)
if (exported === undefined) throw new Error('result.ts exports no ReplayResult')
const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Result of spillway replay',
  ...describing(exported),
  ...objectOf(checker.getDeclaredTypeOfSymbol(exported)),
  $defs: definitions,
}
keepUpToDate('spec/replay.schema.json', `${JSON.stringify(schema, null, 2)}\n`, 'scripts/replay-schema.ts')
