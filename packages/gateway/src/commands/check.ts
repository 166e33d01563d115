import { dirname, resolve } from 'node:path'
import type { Policy } from 'spillway'
import { lintPolicy } from '../lint/lint.js'
import type { Warning } from '../lint/warning.js'
import type { Fault } from '../policy-file/fault.js'
import { byPlace, PolicyFileError } from '../policy-file/fault.js'
import type { LoadedPolicy } from '../policy-file/load-policy-file.js'
import { loadPolicyFile } from '../policy-file/load-policy-file.js'
import { rulesOf } from '../policy-file/rules.js'
import type { Terminal } from '../terminal/terminal.js'
import type { Finding } from './findings.js'
import { printFindings } from './findings.js'
import { unusableFiles } from './unusable-files.js'

/** How `check` is called. */
export interface CheckOptions {
  /** Whether warnings are errors. */
  readonly strict?: boolean
  /** Whether the answer is one JSON object on standard output. */
  readonly json?: boolean
}

/** What a check found, as `--json` prints it. */
export interface CheckResult {
  readonly file: string
  readonly faults: readonly FoundFault[]
  readonly warnings: readonly FoundFault[]
  /** How much the policy holds. Absent where it cannot be read. */
  readonly holds?: Holdings
}

/** A fault or a warning. Line and column count from 1. */
type FoundFault = Pick<Fault, 'line' | 'column' | 'path' | 'message'>

interface Holdings {
  readonly layers: number
  readonly rules: number
  readonly quotas: number
}

interface Checked {
  readonly findings: readonly Finding[]
  readonly text: string | undefined
  /** Absent where the file has faults. */
  readonly policy?: Policy
}

/** Validates and lints a policy file. Gives the exit code: 0, or 1 where it has faults. */
export async function check(
  file: string,
  options: CheckOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<0 | 1> {
  const checked = await examine(file, options.strict ?? false, env)
  const errors = checked.findings.filter(({ severity }) => severity === 'error')
  const warnings = checked.findings.filter(({ severity }) => severity === 'warning')

  if (options.json) terminal.out(JSON.stringify(forMachines(file, errors, warnings, checked.policy)))
  else {
    printFindings(checked.findings, checked.text, terminal)
    if (checked.policy && errors.length === 0) terminal.out(summary(file, checked.policy, warnings.length))
  }
  return errors.length === 0 ? 0 : 1
}

async function examine(file: string, strict: boolean, env: NodeJS.ProcessEnv): Promise<Checked> {
  try {
    const loaded = await loadPolicyFile(file, env)
    const { policy, text } = loaded
    const warnings = [...lintPolicy(policy), ...(await unusableFiles(policy, dirname(resolve(file))))]
    return { policy, text, findings: warnings.map((each) => finding(each, loaded, strict)).sort(byPlace) }
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error
    return { text: error.text, findings: error.faults.map((fault) => ({ ...fault, severity: 'error' })) }
  }
}

function finding({ keys, path, message }: Warning, { file, positionOf }: LoadedPolicy, strict: boolean): Finding {
  return { file, ...positionOf(keys), path, message, severity: strict ? 'error' : 'warning' }
}

function summary(file: string, policy: Policy, warnings: number): string {
  const { layers, rules, quotas } = holdings(policy)
  const holds = [counted(layers, 'layer'), counted(rules, 'rule'), counted(quotas, 'quota')].join(', ')
  return `${file}: ${holds}: ${warnings === 0 ? 'no faults' : counted(warnings, 'warning')}`
}

function forMachines(
  file: string,
  errors: readonly Finding[],
  warnings: readonly Finding[],
  policy?: Policy,
): CheckResult {
  return { file, faults: errors.map(plain), warnings: warnings.map(plain), ...(policy && { holds: holdings(policy) }) }
}

function plain({ line, column, path, message }: Fault): FoundFault {
  return { line, column, path, message }
}

function holdings(policy: Policy): Holdings {
  const rules = rulesOf(policy)
  return {
    layers: policy.layers.length,
    rules: rules.length,
    quotas: rules.reduce((sum, rule) => sum + rule.quotas.length, 0),
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
