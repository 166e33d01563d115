import type { RuleInput } from 'spillway'
import type { PathNode, PathTree, PathUse } from './path-tree.js'
import { addUse, allUse, foldMany, noUse } from './path-tree.js'
import type { VariableName } from './segment.js'

/** Paths that are asked for alike, and get a rule of their own. */
export interface Route {
  /** A name for its rule, its own among the routes. */
  readonly name: string
  readonly kind: 'login' | 'assets' | 'path' | 'rest'
  /** Which requests are meant, as a rule says it. */
  readonly match: Pick<RuleInput, 'path' | 'regex' | 'method' | 'partition'>
  /** Requests in the part of the log that was learnt from, before others took theirs. */
  readonly requests: number
}

/** What of the paths was learnt besides the tree. */
export interface Learnt {
  readonly tree: PathTree
  /** Reads of static assets, by extension. */
  readonly assets: ReadonlyMap<string, number>
}

/** A route has this share of the requests, */
const SHARE = 0.02
/** and no fewer than these. */
const FEWEST = 20
/** So many routes by path; with logins, assets and the rest a policy stays one that a person reads. */
const MOST_ROUTES = 12
const MOST_LOGINS = 3
const FEWEST_POSTS = 10
/** Of POST, so many come to 401 or 403 where people log in. */
const REJECTED = 0.2

interface Found {
  readonly path: string
  readonly use: PathUse
}

/** What a walk through the tree finds. */
interface Finds {
  /** So many requests make a route. */
  readonly fewest: number
  readonly logins: Found[]
  readonly routes: Found[]
}

/** The routes of a log, in the order of their rules: the first that matches applies. The last one is for everything. */
export function routesOf({ tree, assets }: Learnt): readonly Route[] {
  foldMany(tree.root)
  const assetCount = [...assets.values()].reduce((sum, count) => sum + count, 0)
  const fewest = Math.max(FEWEST, SHARE * (tree.root.count + assetCount))
  const finds: Finds = { fewest, logins: [], routes: [] }
  walk(tree.root, [], finds)

  const taken = new Set<string>()
  const byPath = finds.routes
    .flatMap((each) => routesAt(each, fewest))
    .sort((a, b) => b.requests - a.requests)
    .slice(0, MOST_ROUTES)
    .sort(bySpecificity)
  return [
    ...finds.logins
      .sort((a, b) => b.use.posts - a.use.posts)
      .slice(0, MOST_LOGINS)
      .map(loginAt),
    ...(assetCount >= fewest ? [assetRoute(assets, assetCount)] : []),
    ...byPath,
    { name: 'everything-else', kind: 'rest', match: { path: '/**' }, requests: 0 } as const,
  ].map((route) => ({ ...route, name: unique(route.name, taken) }))
}

/** Finds what has enough requests, deepest first. Gives what has not, for the route above. */
function walk(node: PathNode, at: readonly string[], finds: Finds): PathUse {
  const { fewest, logins, routes } = finds
  const path = `/${at.join('/')}`
  const own = { ...node.own }
  if (own.posts >= FEWEST_POSTS && own.rejectedPosts >= REJECTED * own.posts) {
    logins.push({ path, use: { ...own } })
    own.writes -= own.posts
  }
  const left = { ...node.deeper }
  if (total(own) >= fewest) routes.push({ path, use: own })
  else addUse(left, own)

  for (const [text, child] of node.literal) addUse(left, walk(child, [...at, text], finds))
  if (node.variable !== undefined) {
    const name = variableName(node.names)
    // One word after the root is whatever is left: that is no route.
    const isRoute = at.length > 0 || name !== 'slug'
    const below = isRoute ? walk(node.variable, [...at, `:${name}`], finds) : allUse(node.variable)
    addUse(left, below)
  }
  if (at.length === 0 || total(left) < fewest) return left
  routes.push({ path: `${path}/**`, use: left })
  return noUse()
}

function total({ reads, writes }: PathUse): number {
  return reads + writes
}

/** The commonest name; a mixture of kinds is an id. */
function variableName(names: ReadonlyMap<VariableName, number>): VariableName {
  const counts = [...names].sort(([, a], [, b]) => b - a)
  const sum = counts.reduce((all, [, count]) => all + count, 0)
  const [most] = counts
  return most !== undefined && most[1] > 0.8 * sum ? most[0] : 'id'
}

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE']

/** Where both reads and writes are many, they are limited apart. */
function routesAt({ path, use }: Found, fewest: number): Route[] {
  const name = nameOf(path)
  if (use.reads < fewest || use.writes < fewest) return [{ name, kind: 'path', match: { path }, requests: total(use) }]
  return [
    { name: `${name}-write`, kind: 'path', match: { path, method: WRITES }, requests: use.writes },
    { name, kind: 'path', match: { path }, requests: use.reads },
  ]
}

function loginAt({ path, use }: Found): Route {
  return { name: nameOf(path), kind: 'login', match: { path, method: 'POST', partition: 'ip' }, requests: use.posts }
}

function assetRoute(assets: ReadonlyMap<string, number>, requests: number): Route {
  const regex = `.*\\.(${[...assets.keys()].sort().join('|')})$`
  return { name: 'static-assets', kind: 'assets', match: { regex, method: 'GET' }, requests }
}

/**
 * The end of a path before what follows, a word before a variable, `**` last; of the same path the one for some methods
 * first.
 */
function bySpecificity(a: Route, b: Route): number {
  const [ours, theirs] = [segmentsOf(a), segmentsOf(b)]
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    const [text = '', other = ''] = [ours[i], theirs[i]]
    if (text !== other) return rank(text) - rank(other) || (text < other ? -1 : 1)
  }
  return a.match.method === undefined ? 1 : -1
}

function segmentsOf({ match }: Route): string[] {
  return match.path?.split('/') ?? []
}

function rank(text: string): number {
  if (text === '') return 0
  if (text === '**') return 3
  return text.startsWith(':') ? 2 : 1
}

const LONGEST_NAME = 48

function nameOf(path: string): string {
  const name = path
    .replace(/%../g, '')
    .replace(/[^a-z0-9]+/gi, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^-+|-+$/g, '')
  return name === '' ? 'root' : name
}

function unique(name: string, taken: Set<string>): string {
  let free = name
  for (let n = 2; taken.has(free); n++) free = `${name}-${n}`
  taken.add(free)
  return free
}
