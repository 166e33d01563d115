/** What a segment of a path is in a route: text of its own, or one of many, under the name of a variable. */
export type RouteSegment = { readonly kind: 'literal' } | { readonly kind: 'variable'; readonly name: VariableName }

/** What a variable of a route holds, as far as can be told. */
export type VariableName = 'id' | 'uuid' | 'hash' | 'date' | 'slug'

const LITERAL: RouteSegment = { kind: 'literal' }
/** A longer segment is nobody's route. */
const LONGEST = 64

const SHAPES: readonly (readonly [VariableName, RegExp])[] = [
  ['uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/],
  ['date', /^\d{4}-\d\d(-\d\d)?$/],
  ['id', /^\d+$/],
  ['hash', /^(?=.*\d)[0-9a-f]{8,}$|^[0-9a-f]{24,}$/],
  // cus_9s6xkzkn of a payment service, ULID, KSUID, Nano ID.
  ['id', /^[a-z]{2,8}_(?=.*\d)[0-9a-z]{8,}$/],
  ['id', /^(?=(?:.*\d){3})(?=.*[a-z])[0-9a-z_-]{20,}$/],
]

/** Words with hyphens between, which may hold a year: a title, not an identifier. */
const TITLE = /^[a-z]+(-([a-z]+|\d{1,4}))+$/

/**
 * Reads one segment of a normal path (in lower case): an identifier, a UUID, a hash or a date, with a file's extension
 * or without, is a variable. So is what a pattern cannot say of its own: a leading `:`, a `*`.
 */
export function routeSegment(text: string): RouteSegment {
  if (text.length > LONGEST || text.includes('*') || text.startsWith(':') || text.startsWith('@'))
    return variable('slug')
  const stem = text.replace(/\.[a-z][a-z0-9]{1,4}$/, '')
  if (TITLE.test(stem)) return LITERAL
  const shape = SHAPES.find(([, pattern]) => pattern.test(stem))
  return shape === undefined ? LITERAL : variable(shape[0])
}

function variable(name: VariableName): RouteSegment {
  return { kind: 'variable', name }
}

const STATIC = new Set(
  'css js mjs map png jpg jpeg gif svg ico webp avif bmp woff woff2 ttf otf eot mp3 mp4 webm ogg'.split(' '),
)

/** The extension of a path that is a static asset's, such as `css`; absent for any other path. */
export function assetExtension(path: string): string | undefined {
  const dot = path.lastIndexOf('.')
  const extension = dot === -1 ? '' : path.slice(dot + 1)
  return STATIC.has(extension) ? extension : undefined
}
