/** How much of a text a message shows. */
const MOST_SHOWN = 60

/** A wrong value, short, for the message of an error: a text in quotes, so that `"1"` is not taken for 1. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, MOST_SHOWN)) : String(value)
}
