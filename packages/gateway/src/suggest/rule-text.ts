import type { Route } from './routes.js'

/** A rule as it is to be written. */
export interface RuleText {
  readonly route: Route
  /** In short form: `10/minute`. */
  readonly quotas: readonly string[]
  readonly block?: string
  /** What is said about it, a paragraph each; absent: nothing. */
  readonly comments?: readonly string[]
}

const WIDTH = 110

/** The part of a policy file that names the rules. */
export function rulesText(rules: readonly RuleText[]): string {
  return `rules:\n${rules.map(ruleText).join('\n')}`
}

function ruleText({ route: { name, match }, quotas, block, comments = [] }: RuleText): string {
  const { path, regex, method, partition } = match
  const lines = [
    ...comments.map((text) => commentText(text, '  ')),
    `  - name: ${scalar(name)}`,
    ...(path === undefined ? [] : [`    path: ${scalar(path)}`]),
    ...(regex === undefined ? [] : [`    regex: ${scalar(regex)}`]),
    ...(method === undefined ? [] : [`    method: ${listOf(method)}`]),
    `    quotas: ${listOf(quotas)}`,
    ...(block === undefined ? [] : [`    block: ${block}`]),
    ...(partition === undefined ? [] : [`    partition: ${listOf(partition)}`]),
  ]
  return `${lines.join('\n')}\n`
}

function listOf(values: string | readonly string[]): string {
  if (typeof values === 'string') return scalar(values)
  const [only, ...more] = values
  return only !== undefined && more.length === 0 ? scalar(only) : `[${values.map(scalar).join(', ')}]`
}

/** A path or a word that no YAML reads otherwise; a quota. */
const PLAIN = /^(\/[\w./:*-]*[\w/*]|\/|[A-Za-z][\w-]*)$|^\d+\/(second|minute|hour|day)$/
/** What YAML 1.1 and 1.2 do not read as text. */
const WORDS = /^(true|false|yes|no|on|off|null|y|n)$/i

/** Text as a policy file reads it back: plain where it is harmless, else in double quotes as JSON has it, without variables. */
export function scalar(text: string): string {
  return PLAIN.test(text) && !WORDS.test(text) ? text : JSON.stringify(text).replaceAll('${', () => '$${')
}

/** A comment of several lines, if need be. What is from a log must be plain text already. */
export function commentText(text: string, indent = ''): string {
  const lines: string[] = []
  let line = `${indent}#`
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length >= WIDTH && line.length > indent.length + 1) {
      lines.push(line)
      line = `${indent}#`
    }
    line += ` ${word}`
  }
  return [...lines, line].join('\n')
}
