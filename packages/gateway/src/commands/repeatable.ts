/** Reads an option that may be repeated: each value is added to those before it. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}
