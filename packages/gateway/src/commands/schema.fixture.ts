import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

const SPEC = new URL('../../../../spec/', import.meta.url)

/** What of a printed result its schema does not allow. */
export function schemaFaults(
  command: 'check' | 'explain' | 'load' | 'replay' | 'suggest',
  result: unknown,
): readonly string[] {
  const schema = JSON.parse(readFileSync(new URL(`${command}.schema.json`, SPEC), 'utf8'))
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema)
  validate(result)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`)
}
