/**
 * The value of a field in a list of names and values in turn, several joined by commas (RFC 9110, 5.2); absent where the
 * field is. `name` is lower case.
 */
export function rawField(raw: readonly string[], name: string): string | undefined {
  let value: string | undefined
  for (let i = 0; i < raw.length; i += 2) {
    const field = raw[i] as string
    if (field.length !== name.length || field.toLowerCase() !== name) continue
    value = value === undefined ? raw[i + 1] : `${value}, ${raw[i + 1]}`
  }
  return value
}
