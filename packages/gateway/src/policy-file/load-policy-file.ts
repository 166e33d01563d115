import { extname } from 'node:path'
import type { Policy } from 'spillway'
import { PolicyError, parsePolicy } from 'spillway'
import { re2 } from 'spillway/regex'
import type { Fault } from './fault.js'
import { PolicyFileError } from './fault.js'
import type { Keys } from './keys.js'
import { pathOf } from './keys.js'
import { mask } from './mask.js'
import { nodeAt, plainValue } from './plain-value.js'
import { readPolicyText } from './read-text.js'
import type { Position } from './yaml-tree.js'
import { parseYaml } from './yaml-tree.js'

/** What is advised where text is wanted, and what helps where the value comes from a variable. */
const QUOTES_HELP = /: put it in quotes$/
const TAG_HELPS = ': quotes do not keep the value of a variable text, `!!str` before it does'

/** A policy file that was read, with what is needed to speak about it. */
export interface LoadedPolicy {
  readonly policy: Policy
  /** As the caller named it. Relative paths inside the policy start from its folder. */
  readonly file: string
  /** What the file holds, before any substitution. */
  readonly text: string
  /** Where the value at these keys stands in the file; of one that is not there, the nearest that would hold it. */
  positionOf(keys: Keys): Position
}

/**
 * Reads a policy file: JSON where it is called `.json`, else YAML 1.2, with `${NAME}` taken from `env`. Throws a
 * `PolicyFileError` that holds every fault at once, each with its line and column.
 */
export async function loadPolicyFile(file: string, env: NodeJS.ProcessEnv): Promise<LoadedPolicy> {
  return loadPolicyText(await readPolicyText(file), file, env)
}

/** The same of the text of a policy file, which is called `file` in what is said about it. */
export function loadPolicyText(text: string, file: string, env: NodeJS.ProcessEnv): LoadedPolicy {
  const { tree, faults } = parseYaml(text, extname(file).toLowerCase() === '.json' ? 'json' : 'yaml')
  const at = (offset: number, path: string, message: string): Fault => ({
    file,
    ...tree.position(offset),
    path,
    message,
  })
  if (faults.length > 0) {
    throw new PolicyFileError(
      faults.map(({ offset, message }) => at(offset, '', message)),
      text,
    )
  }
  if (!tree.root)
    throw new PolicyFileError([at(0, '', 'the file is empty: `spillway init` shows what one holds')], text)

  const { value, variables, readAgain, aliases, faults: misread } = plainValue(tree.root, text, env)
  const offsetOf = (keys: Keys) => nodeAt(tree.root, keys, aliases)?.range?.[0] ?? 0
  const found = misread.map(({ offset, path, message }) => at(offset, path, message))
  const adviceAt = (keys: Keys, message: string) =>
    readAgain.has(pathOf(keys)) ? message.replace(QUOTES_HELP, TAG_HELPS) : message
  try {
    const policy = parsePolicy(value, { regex: re2 })
    if (found.length > 0) throw new PolicyFileError(found, text)
    return { policy, file, text, positionOf: (keys) => tree.position(offsetOf(keys)) }
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    const known = new Set(found.map(({ path }) => path))
    const issues = error.issues
      .filter(({ path }) => !known.has(path))
      .map(({ keys, path, message }) => at(offsetOf(keys), path, mask(adviceAt(keys, message), keys, variables)))
    throw new PolicyFileError([...found, ...issues], text)
  }
}
