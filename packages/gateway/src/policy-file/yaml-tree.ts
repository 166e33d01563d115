import type { CST, ParsedNode } from 'yaml'
import { Composer, LineCounter, Parser } from 'yaml'
import { jsonFault } from './json-fault.js'
import { yamlFault } from './yaml-fault.js'

/** A policy file as a tree of nodes that know their places. */
export interface YamlTree {
  /** Absent: the file is empty. */
  readonly root: ParsedNode | undefined
  /** The line and column, from 1, of a character of the file. */
  position(offset: number): Position
}

/** A place in a file, counted from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** What is wrong with the spelling of a file, and at which character. */
export interface SyntaxFault {
  readonly offset: number
  readonly message: string
}

/** How deep lists and maps of a policy file may stand in one another. */
export const MAX_DEPTH = 100

const MAX_FAULTS = 20

/**
 * Reads YAML 1.2, or JSON (by the same parser, so that its places are known, after a strict one). Depth is bounded before
 * anything that recurses sees the text. Keys may still repeat and aliases be unbounded: `plainValue` looks at those.
 */
export function parseYaml(text: string, syntax: 'yaml' | 'json'): { tree: YamlTree; faults: SyntaxFault[] } {
  const lines = new LineCounter()
  const tokens = [...new Parser(lines.addNewLine).parse(text)]
  const tree = { root: undefined, position: (offset: number) => positionAt(lines, offset) }

  const strict = syntax === 'json' ? jsonFault(text) : undefined
  if (strict) return { tree, faults: [strict] }
  const deep = tooDeep(tokens)
  if (deep) return { tree, faults: [deep] }
  const further = tokens.filter((token) => token.type === 'document')[1]
  if (further) return { tree, faults: [{ offset: further.offset, message: SECOND_DOCUMENT }] }

  const [document] = new Composer({ uniqueKeys: false, prettyErrors: false, schema: 'core' }).compose(
    tokens,
    true,
    text.length,
  )
  const { version, explicit } = document?.directives?.yaml ?? {}
  if (explicit && version !== '1.2') return { tree, faults: [{ offset: 0, message: 'only YAML 1.2 is read here' }] }

  const faults = [...(document?.errors ?? []), ...(document?.warnings ?? [])].map(({ code, message, pos }) => ({
    offset: pos[0],
    message: yamlFault(code, message, text, pos[0]),
  }))
  return {
    tree: { ...tree, root: (document?.contents as ParsedNode | null) ?? undefined },
    faults: onePerLine(faults, lines),
  }
}

const SECOND_DOCUMENT = 'a second document starts here: a policy file holds one, so remove the `---`'

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

/** Walks with a stack of its own: the text may nest deeper than calls can. */
function tooDeep(tokens: readonly CST.Token[]): SyntaxFault | undefined {
  const waiting = tokens.map((token) => ({ token, depth: 0 }))
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { token, depth } = next
    if (depth > MAX_DEPTH) return { offset: token.offset, message: `nested more than ${MAX_DEPTH} deep` }
    waiting.push(...inside(token).map((inner) => ({ token: inner, depth: depth + 1 })))
  }
  return undefined
}

function inside(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : []
  if (!('items' in token)) return []
  return token.items.flatMap(({ key, value }) => [...(key ? [key] : []), ...(value ? [value] : [])])
}

/** One slip makes the parser stumble over the rest of its line: what follows the first stumble helps nobody. */
function onePerLine(faults: readonly SyntaxFault[], lines: LineCounter): SyntaxFault[] {
  const first = new Map<number, SyntaxFault>()
  for (const fault of [...faults].sort((a, b) => a.offset - b.offset)) {
    const { line } = lines.linePos(fault.offset)
    if (!first.has(line)) first.set(line, fault)
  }
  return [...first.values()].slice(0, MAX_FAULTS)
}
