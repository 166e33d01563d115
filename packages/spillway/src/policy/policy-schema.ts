import { policyFile } from './description.js'
import type { JsonSchema } from './shape.js'
import { exactlyOne, isPlainObject } from './shape.js'

/**
 * The JSON Schema (draft 2020-12) of the policy file, from which an editor completes. `parsePolicy` checks more than it
 * can say. Where a value is not free text the file may also hold `${NAME}`, which a gateway takes from the environment.
 */
export function policySchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Spillway policy',
    ...withVariables(policyFile.schema()),
    ...exactlyOne('rules', 'layers'),
    $defs: {
      variable: {
        type: 'string',
        pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}',
        description: 'Taken from the environment.',
      },
    },
  }
}

function withVariables(schema: JsonSchema): JsonSchema {
  if (!isStrictScalar(schema))
    return Object.fromEntries(Object.entries(schema).map(([key, each]) => [key, variablesInside(each)]))
  const { description, examples, ...scalar } = schema
  const notes = Object.entries({ description, examples }).filter(([, note]) => note !== undefined)
  return { anyOf: [scalar, { $ref: '#/$defs/variable' }], ...Object.fromEntries(notes) }
}

function variablesInside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(variablesInside)
  return isPlainObject(value) ? withVariables(value) : value
}

/** Whether a text such as `${NAME}` would not do. */
function isStrictScalar({ type, pattern, enum: words }: JsonSchema): boolean {
  return Array.isArray(words) || type === 'integer' || type === 'boolean' || typeof pattern === 'string'
}
