/** Writes the JSON Schema of the policy file. With `--check` it only fails where the file is out of date. */
import { policySchema } from '../packages/spillway/src/policy/policy-schema.js'
import { keepUpToDate } from './generated-file.js'

keepUpToDate('spec/policy.schema.json', JSON.stringify(policySchema()), 'scripts/policy-schema.ts')
