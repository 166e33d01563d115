/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The text, number or first element of a list at `a.b.c`; a key that has the dots in it counts too. Absent where there
 * is none.
 */
export function textAt(value: JsonObject, path: string): string | undefined {
  const found = valueAt(value, path)
  const first: unknown = Array.isArray(found) ? found[0] : found
  if (typeof first === 'number') return String(first)
  return typeof first === 'string' ? first : undefined
}

/** An object of headers (`{ "X-Api-Key": ["k"] }`) by names in lower case. Absent where there is none. */
export function headerFields(value: JsonObject, path: string): ReadonlyMap<string, string> | undefined {
  const headers = valueAt(value, path)
  if (!isObject(headers)) return undefined
  const fields = Object.entries(headers).flatMap(([name, each]) => {
    if (typeof each === 'string') return [[name.toLowerCase(), each] as const]
    return Array.isArray(each) ? [[name.toLowerCase(), each.join(', ')] as const] : []
  })
  return fields.length === 0 ? undefined : new Map(fields)
}

function valueAt(value: JsonObject, path: string): unknown {
  if (Object.hasOwn(value, path)) return value[path]
  const dot = path.indexOf('.')
  if (dot === -1) return undefined
  const inner = Object.hasOwn(value, path.slice(0, dot)) ? value[path.slice(0, dot)] : undefined
  return isObject(inner) ? valueAt(inner, path.slice(dot + 1)) : undefined
}
