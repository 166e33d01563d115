/** Throws a `TypeError` for what is no list of sources. `of` is the function that was given it. */
export function checkSources(of: string, identity: unknown): void {
  if (Array.isArray(identity) && identity.every((source) => typeof source === 'function')) return
  throw new TypeError(`${of}: identity: expected a list of sources, such as [clientIp()]`)
}
