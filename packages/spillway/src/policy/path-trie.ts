import type { Segment } from './path-pattern.js'
import type { Rule } from './policy.js'

/** A rule and where it stands in its layer. */
export interface Indexed {
  readonly rule: Rule
  readonly index: number
}

/**
 * Rules by the segments of their path patterns. It only narrows: a rule that a walk does not meet cannot match, and one
 * that it meets is asked.
 */
export interface PathTrie {
  /** The lowest index at or below this node: where it is not below what was found already, the walk need not go on. */
  least: number
  /** By the text of the next segment. */
  readonly literal: Map<string, PathTrie>
  /** The next segment is any one. */
  one: PathTrie | undefined
  /** Rules whose pattern ends at this node. */
  readonly ends: Indexed[]
  /** Rules whose pattern goes on from this node with `**`. */
  readonly rests: Indexed[]
}

/** The trie of rules with path patterns, given in the order of the file. */
export function trieOf(entries: readonly Indexed[]): PathTrie {
  const root = emptyTrie()
  for (const entry of entries) {
    const { matches } = entry.rule
    if (matches.syntax === 'pattern') addTo(root, entry, matches.segments)
  }
  return root
}

function emptyTrie(): PathTrie {
  return { least: Number.POSITIVE_INFINITY, literal: new Map(), one: undefined, ends: [], rests: [] }
}

function addTo(root: PathTrie, entry: Indexed, segments: readonly Segment[]): void {
  let node = visited(root, entry)
  for (const segment of segments) {
    if (segment.kind === 'rest') {
      node.rests.push(entry)
      return
    }
    node = visited(segment.kind === 'literal' ? literalChild(node, segment.text) : oneChild(node), entry)
  }
  node.ends.push(entry)
}

function literalChild(node: PathTrie, segment: string): PathTrie {
  const child = node.literal.get(segment) ?? emptyTrie()
  node.literal.set(segment, child)
  return child
}

function oneChild(node: PathTrie): PathTrie {
  node.one ??= emptyTrie()
  return node.one
}

function visited(node: PathTrie, { index }: Indexed): PathTrie {
  node.least = Math.min(node.least, index)
  return node
}

/**
 * Of the rules that the trie holds for the path, the first in the order of the file that `accepts`, if it stands before
 * `found`; else `found`.
 */
export function firstInTrie(
  root: PathTrie,
  path: string,
  found: Indexed | undefined,
  accepts: (entry: Indexed) => boolean,
): Indexed | undefined {
  return walk(root, path, 1, found, accepts)
}

/** `from` is where the next segment starts; beyond the path's end there is none. */
function walk(
  node: PathTrie,
  path: string,
  from: number,
  found: Indexed | undefined,
  accepts: (entry: Indexed) => boolean,
): Indexed | undefined {
  if (found !== undefined && node.least > found.index) return found

  const first = earliest(node.rests, found, accepts)
  if (from > path.length) return earliest(node.ends, first, accepts)

  const slash = path.indexOf('/', from)
  const end = slash === -1 ? path.length : slash
  const literal = node.literal.get(path.slice(from, end))
  const best = literal ? walk(literal, path, end + 1, first, accepts) : first
  return node.one ? walk(node.one, path, end + 1, best, accepts) : best
}

function earliest(
  entries: readonly Indexed[],
  found: Indexed | undefined,
  accepts: (entry: Indexed) => boolean,
): Indexed | undefined {
  const first = entries.find((entry) => (found !== undefined && entry.index > found.index) || accepts(entry))
  return first === undefined || (found !== undefined && first.index > found.index) ? found : first
}
