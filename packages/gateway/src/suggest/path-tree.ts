import type { VariableName } from './segment.js'
import { routeSegment } from './segment.js'

/** Requests to one path, by what they do. */
export interface PathUse {
  reads: number
  /** Of POST, PUT, PATCH and DELETE. */
  writes: number
  /** Of the writes those that are POST, */
  posts: number
  /** and of those the ones that came to 401 or 403. */
  rejectedPosts: number
}

/** A segment of the paths of a log, and what follows it. */
export interface PathNode {
  /** Requests here and below. */
  count: number
  /** Requests whose path ends here. */
  readonly own: PathUse
  /** Requests below that are no longer told apart. */
  readonly deeper: PathUse
  literal: Map<string, PathNode>
  variable: PathNode | undefined
  /** Requests by what the variable looks like. */
  readonly names: Map<VariableName, number>
  /** Whether there were so many different segments here that a new one is a variable. */
  isFolded: boolean
}

/** The paths of a log in bounded memory. */
export interface PathTree {
  readonly root: PathNode
  /** Counts a request. `path` is normal. */
  add(path: string, method: string, status: number): void
}

/** A deeper path is told apart up to here. */
const DEEPEST = 8
/** More different segments in one place are folded while the log is read, */
const MOST_CHILDREN = 200
/** and so many at its end. */
const MANY_CHILDREN = 20
/** What has this share of the requests in its place is a word of its own, however many others there are. */
const OWN_WORD = 0.05
const MOST_NODES = 20_000

/** No request yet. */
export function noUse(): PathUse {
  return { reads: 0, writes: 0, posts: 0, rejectedPosts: 0 }
}

/** Adds what one node counted to another. */
export function addUse(to: PathUse, from: PathUse): void {
  to.reads += from.reads
  to.writes += from.writes
  to.posts += from.posts
  to.rejectedPosts += from.rejectedPosts
}

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** A tree without a path. */
export function pathTree(): PathTree {
  const root = emptyNode()
  let nodes = 1
  const fresh = (): PathNode => {
    nodes++
    return emptyNode()
  }

  const variableChild = (node: PathNode, name: VariableName): PathNode => {
    node.names.set(name, (node.names.get(name) ?? 0) + 1)
    node.variable ??= fresh()
    return node.variable
  }
  const child = (node: PathNode, text: string): PathNode => {
    const segment = routeSegment(text)
    if (segment.kind === 'variable') return variableChild(node, segment.name)
    const known = node.literal.get(text)
    if (known !== undefined) return known
    if (!node.isFolded && node.literal.size >= MOST_CHILDREN) fold(node)
    if (node.isFolded) return variableChild(node, 'slug')
    const literal = fresh()
    node.literal.set(text, literal)
    return literal
  }

  return {
    root,
    add(path, method, status) {
      if (nodes >= MOST_NODES) nodes = prune(root)
      const segments = path.split('/', DEEPEST + 2).filter((text) => text !== '')
      let node = root
      node.count++
      for (const text of segments.slice(0, DEEPEST)) {
        node = child(node, text)
        node.count++
      }
      count(segments.length > DEEPEST ? node.deeper : node.own, method, status)
    },
  }
}

function emptyNode(): PathNode {
  return {
    count: 0,
    own: noUse(),
    deeper: noUse(),
    literal: new Map(),
    variable: undefined,
    names: new Map(),
    isFolded: false,
  }
}

function count(use: PathUse, method: string, status: number): void {
  if (!WRITES.has(method)) {
    use.reads++
    return
  }
  use.writes++
  if (method !== 'POST') return
  use.posts++
  if (status === 401 || status === 403) use.rejectedPosts++
}

/** Makes one variable of all segments of a place but those that are asked for most, here and below. */
export function foldMany(node: PathNode): void {
  if (node.literal.size > MANY_CHILDREN) fold(node)
  for (const child of node.literal.values()) foldMany(child)
  if (node.variable !== undefined) foldMany(node.variable)
}

function fold(node: PathNode): void {
  node.isFolded = true
  const kept = new Map<string, PathNode>()
  for (const [text, child] of node.literal) {
    if (child.count >= OWN_WORD * node.count) kept.set(text, child)
    else {
      node.names.set('slug', (node.names.get('slug') ?? 0) + child.count)
      node.variable ??= emptyNode()
      merge(node.variable, child)
    }
  }
  node.literal = kept
}

function merge(to: PathNode, from: PathNode): void {
  to.count += from.count
  addUse(to.own, from.own)
  addUse(to.deeper, from.deeper)
  for (const [name, count] of from.names) to.names.set(name, (to.names.get(name) ?? 0) + count)
  if (from.variable !== undefined) {
    to.variable ??= emptyNode()
    merge(to.variable, from.variable)
  }
  for (const [text, child] of from.literal) {
    const known = to.literal.get(text)
    if (known === undefined) to.literal.set(text, child)
    else merge(known, child)
  }
}

/** Forgets the rarer half of the nodes; their requests stay counted above them. Gives the number of those that are left. */
function prune(root: PathNode): number {
  const counts = [...below(root)].map(({ count }) => count).sort((a, b) => b - a)
  const floor = counts[MOST_NODES / 2] ?? 0
  forget(root, floor)
  return 1 + [...below(root)].length
}

function forget(node: PathNode, floor: number): void {
  const forgotten = [...node.literal].filter(([, { count }]) => count <= floor)
  for (const [text, child] of forgotten) {
    addUse(node.deeper, allUse(child))
    node.literal.delete(text)
  }
  if (node.variable !== undefined && node.variable.count <= floor) {
    addUse(node.deeper, allUse(node.variable))
    node.variable = undefined
  }
  for (const child of childrenOf(node)) forget(child, floor)
}

/** All requests that a node counts, here and below. */
export function allUse(node: PathNode): PathUse {
  const use = noUse()
  for (const each of [node, ...below(node)]) {
    addUse(use, each.own)
    addUse(use, each.deeper)
  }
  return use
}

/** What follows a node at once. */
export function childrenOf(node: PathNode): PathNode[] {
  return [...node.literal.values(), ...(node.variable === undefined ? [] : [node.variable])]
}

function* below(node: PathNode): Generator<PathNode> {
  for (const child of childrenOf(node)) {
    yield child
    yield* below(child)
  }
}
