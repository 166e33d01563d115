// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a policy file names a variable
import type { Alias, Node, Pair, ParsedNode, Scalar } from 'yaml'
import { isAlias, isMap, isPair, isScalar, isSeq, Schema } from 'yaml'
import type { Keys } from './keys.js'
import { pathOf } from './keys.js'
import type { SubstitutionFault, Variable } from './substitute.js'
import { substitute } from './substitute.js'
import { MAX_DEPTH } from './yaml-tree.js'

/** What a tree of nodes says, as plain objects, lists and scalars. */
export interface PlainValue {
  readonly value: unknown
  /** The values that came from the environment, and where they went. */
  readonly variables: readonly PlacedVariable[]
  /** The paths of the values that were one `${…}` and have become scalars, in quotes or not. */
  readonly readAgain: ReadonlySet<string>
  /** What each alias stands for. */
  readonly aliases: ReadonlyMap<Alias, ParsedNode>
  readonly faults: readonly ValueFault[]
}

/** A variable that was put into the value at `keys`. */
export interface PlacedVariable extends Variable {
  readonly keys: Keys
}

/** What is wrong with a value: at which character of the file, and at which path. */
interface ValueFault extends SubstitutionFault {
  readonly path: string
}

/** Aliases may repeat this many values in all, so that a small file cannot grow large. */
const MAX_ALIASED = 10_000

/** Where text is meant, whatever it looks like: a token of digits is no number. */
const ALWAYS_TEXT = new Set<string | number | undefined>(['secret', 'token', 'publicKey', 'password'])

const MERGE_KEY = 'keys are not merged here: write them out, or repeat a whole value as `*name`'

/** `!!str`. */
const TEXT_TAG = 'tag:yaml.org,2002:str'

const STANDARD_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/

const scalarTags = new Schema({ schema: 'core' }).tags.filter((tag) => tag.collection === undefined)

interface Walk {
  readonly text: string
  readonly env: NodeJS.ProcessEnv
  readonly variables: PlacedVariable[]
  readonly readAgain: Set<string>
  readonly aliases: Map<Alias, ParsedNode>
  readonly faults: ValueFault[]
  readonly anchors: Map<string, ParsedNode>
  /** The nodes that are being read now: an alias to one of them would never end. */
  readonly open: Set<Node>
  insideAlias: number
  aliased: number
}

/**
 * Reads a tree of nodes, and puts environment variables into its scalar values, never into keys, so that no value can
 * become structure. Repeated keys, aliases that grow without bound and unset variables are faults; every fault is found.
 */
export function plainValue(root: ParsedNode | undefined, text: string, env: NodeJS.ProcessEnv): PlainValue {
  const walk: Walk = {
    text,
    env,
    variables: [],
    readAgain: new Set(),
    aliases: new Map(),
    faults: [],
    anchors: new Map(),
    open: new Set(),
    insideAlias: 0,
    aliased: 0,
  }
  const value = read(root, [], walk)
  const { variables, readAgain, aliases, faults } = walk
  return { value, variables, readAgain, aliases, faults }
}

function read(node: ParsedNode | null | undefined, keys: Keys, walk: Walk): unknown {
  if (!node) return null
  if (walk.insideAlias > 0 && ++walk.aliased > MAX_ALIASED) return tooMany(node, keys, walk)
  if (keys.length > MAX_DEPTH) return fault(walk, node, keys, `nested more than ${MAX_DEPTH} deep`)
  if (isAlias(node)) return readAlias(node, keys, walk)

  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node)
  if (node.tag !== undefined && !STANDARD_TAG.test(node.tag)) {
    return fault(walk, node, keys, `the tag ${node.tag} means nothing here: remove it`)
  }
  if (isScalar(node)) return readScalar(node, keys, walk)

  walk.open.add(node)
  const value = isSeq(node)
    ? node.items.map((item, index) => read(item as ParsedNode, [...keys, index], walk))
    : isMap(node)
      ? readMap(node.items as Pair<ParsedNode, ParsedNode | null>[], keys, walk)
      : undefined
  walk.open.delete(node)
  return value
}

/** Own properties only: a key `__proto__` is a key like any other. */
function readMap(pairs: readonly Pair<ParsedNode, ParsedNode | null>[], keys: Keys, walk: Walk): unknown {
  const entries = new Map<string, unknown>()
  for (const pair of pairs) {
    const name = keyName(pair.key)
    if (name === undefined) {
      fault(walk, pair.key ?? pair.value, keys, 'a key must be plain text')
      continue
    }
    const inner = [...keys, name]
    if (entries.has(name)) fault(walk, pair.key, inner, 'this key is there twice: keep one')
    else if (name === '<<' && mergesAlias(pair.value)) entries.set(name, fault(walk, pair.key, inner, MERGE_KEY))
    else entries.set(name, read(pair.value, inner, walk))
  }
  return Object.fromEntries(entries)
}

/** `*name`, or a list with one in it. */
function mergesAlias(value: ParsedNode | null): boolean {
  return isAlias(value) || (isSeq(value) && value.items.some((item) => isAlias(item)))
}

/** The text of a key: as it is written where it looks like a number. */
function keyName(key: unknown): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))
}

function readAlias(alias: Alias.Parsed, keys: Keys, walk: Walk): unknown {
  const target = walk.anchors.get(alias.source)
  if (!target) {
    const text = `*${alias.source}`
    return fault(
      walk,
      alias,
      keys,
      `nothing above is named &${alias.source}: a text that begins with * needs quotes, "${text}"`,
    )
  }
  if (walk.open.has(target)) return fault(walk, alias, keys, `*${alias.source} stands inside the value that it names`)

  walk.aliases.set(alias, target)
  walk.insideAlias++
  const value = read(target, keys, walk)
  walk.insideAlias--
  return value
}

function readScalar(node: Scalar.Parsed, keys: Keys, walk: Walk): unknown {
  if (typeof node.value !== 'string' || !node.value.includes('${')) return node.value

  const { text, whole, used, faults } = substitute(node.value, walk.env)
  const written = walk.text.slice(node.range[0], node.range[1])
  for (const { message, offset } of faults) {
    const reference = /^[^}]*\}?/.exec(node.value.slice(offset))?.[0] ?? ''
    const start = Math.max(0, written.indexOf(reference))
    walk.faults.push({ message, offset: node.range[0] + start, path: pathOf(keys) })
  }
  walk.variables.push(...used.map((variable) => ({ ...variable, keys })))
  if (!whole || node.tag === TEXT_TAG || ALWAYS_TEXT.has(keys.at(-1))) return text
  walk.readAgain.add(pathOf(keys))
  return scalar(text)
}

/** Reads a text as a plain YAML scalar: a number, `true`, nothing, or text. Structure it cannot become. */
function scalar(text: string): unknown {
  const tag = scalarTags.find((each) => each.default === true && each.test?.test(text))
  if (tag === undefined) return text
  const value = tag.resolve(text, () => undefined, {})
  return isScalar(value) ? value.value : value
}

function tooMany(node: Node, keys: Keys, walk: Walk): undefined {
  if (walk.aliased > MAX_ALIASED + 1) return undefined
  return fault(walk, node, keys, `aliases repeat more than ${MAX_ALIASED} values: write them out, or need fewer`)
}

function fault(walk: Walk, node: Node | null | undefined, keys: Keys, message: string): undefined {
  walk.faults.push({ offset: node?.range?.[0] ?? 0, path: pathOf(keys), message })
  return undefined
}

/** The node that keys lead to, or the deepest on the way to it: for a key, the key itself. */
export function nodeAt(
  root: ParsedNode | undefined,
  keys: Keys,
  aliases: ReadonlyMap<Alias, ParsedNode>,
): Node | undefined {
  let place: Node | undefined = root
  let node: unknown = root
  for (const key of keys) {
    if (isAlias(node)) node = aliases.get(node)
    if (isSeq(node) && typeof key === 'number') node = node.items[key]
    else if (isMap(node)) {
      const pair: unknown = node.items.find((each) => keyName(each.key) === key)
      if (!isPair(pair)) return place
      place = pair.key as Node
      node = pair.value
      continue
    } else return place
    place = (node as Node | undefined) ?? place
  }
  return place
}
