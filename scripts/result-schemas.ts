/**
 * Writes the JSON Schemas of what the commands print with `--json`, from their types. With `--check` it only fails
 * where one is out of date.
 */
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { keepUpToDate } from './generated-file.js'

const RESULTS = [
  { command: 'check', file: 'packages/gateway/src/commands/check.ts', type: 'CheckResult' },
  { command: 'explain', file: 'packages/spillway/src/explain/explanation.ts', type: 'Explanation' },
  { command: 'load', file: 'packages/gateway/src/load/result.ts', type: 'LoadResult' },
  { command: 'replay', file: 'packages/gateway/src/replay/result.ts', type: 'ReplayResult' },
  { command: 'suggest', file: 'packages/gateway/src/suggest/suggestion.ts', type: 'Suggestion' },
].map((result) => ({ ...result, path: fileURLToPath(new URL(`../${result.file}`, import.meta.url)) }))

const config = ts.readConfigFile(fileURLToPath(new URL('../tsconfig.base.json', import.meta.url)), ts.sys.readFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const { options } = ts.convertCompilerOptionsFromJson(config.config.compilerOptions, root)
const program = ts.createProgram({ rootNames: RESULTS.map(({ path }) => path), options })
const checker = program.getTypeChecker()

/** Types with a name are defined once in a schema. */
type Definitions = Record<string, object>

function schemaOf(type: ts.Type, definitions: Definitions): object {
  if (type.flags & ts.TypeFlags.String) return { type: 'string' }
  if (type.flags & ts.TypeFlags.Number) return { type: 'number' }
  if (type.flags & ts.TypeFlags.Boolean) return { type: 'boolean' }
  if (type.isStringLiteral()) return { const: type.value }
  const elements = checker.getTypeArguments(type as ts.TypeReference)
  if (checker.isTupleType(type)) return tupleOf(elements, definitions)
  if (checker.isArrayType(type)) return { type: 'array', items: schemaOf(elements[0] as ts.Type, definitions) }

  const symbol = type.isUnion() ? type.aliasSymbol : type.isClassOrInterface() ? type.symbol : undefined
  if (symbol === undefined || stringsOf(type)) return structureOf(type, definitions)
  const { name } = symbol
  if (definitions[name] === undefined) {
    definitions[name] = {}
    definitions[name] = { ...describing(symbol), ...structureOf(type, definitions) }
  }
  return { $ref: `#/$defs/${name}` }
}

function tupleOf(elements: readonly ts.Type[], definitions: Definitions): object {
  const { length } = elements
  const prefixItems = elements.map((element) => schemaOf(element, definitions))
  return { type: 'array', prefixItems, items: false, minItems: length, maxItems: length }
}

function structureOf(type: ts.Type, definitions: Definitions): object {
  const strings = stringsOf(type)
  if (strings) return { enum: strings }
  if (type.isUnion()) return { anyOf: type.types.map((each) => schemaOf(each, definitions)) }
  return objectOf(type, definitions)
}

/** What a union of nothing but texts allows. */
function stringsOf(type: ts.Type): readonly string[] | undefined {
  if (!type.isUnion()) return undefined
  const strings = type.types.flatMap((each) => (each.isStringLiteral() ? [each.value] : []))
  return strings.length === type.types.length ? strings : undefined
}

/** No property but those of the type: what is added to a result must be added to its type, and so comes to stand here. */
function objectOf(type: ts.Type, definitions: Definitions): object {
  const properties = type.getProperties()
  const values = type.getStringIndexType()
  if (!(type.flags & ts.TypeFlags.Object || type.isIntersection()) || (properties.length === 0 && !values)) {
    throw new Error(`of ${checker.typeToString(type)} this script knows no schema`)
  }
  return {
    type: 'object',
    properties: Object.fromEntries(properties.map((property) => [property.name, propertyOf(property, definitions)])),
    required: properties.filter((property) => !mayBeAbsent(property)).map(({ name }) => name),
    additionalProperties: values ? schemaOf(values, definitions) : false,
  }
}

/** What is `undefined` does not come to stand in JSON. */
function mayBeAbsent(property: ts.Symbol): boolean {
  const type = checker.getTypeOfSymbol(property)
  return (property.flags & ts.SymbolFlags.Optional) !== 0 || checker.getNonNullableType(type) !== type
}

function propertyOf(property: ts.Symbol, definitions: Definitions): object {
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(property))
  return { ...describing(property), ...schemaOf(type, definitions) }
}

function describing(symbol: ts.Symbol): object {
  const description = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll('\n', ' ')
  return description === '' ? {} : { description }
}

for (const { command, file, path, type } of RESULTS) {
  const source = program.getSourceFile(path)
  const exported = source && checker.getSymbolAtLocation(source)?.exports?.get(type as ts.__String)
  if (exported === undefined) throw new Error(`${file} exports no ${type}`)
  const definitions: Definitions = {}
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Result of spillway ${command}`,
    ...describing(exported),
    ...objectOf(checker.getDeclaredTypeOfSymbol(exported), definitions),
    $defs: definitions,
  }
  keepUpToDate(`spec/${command}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`, 'scripts/result-schemas.ts')
}
