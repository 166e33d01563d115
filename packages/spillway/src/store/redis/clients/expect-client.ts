/** The methods by which a client is told from those of other kinds. */
interface Features {
  readonly has: readonly string[]
  readonly lacks?: readonly string[]
}

/**
 * Throws a `TypeError` where `factory` is given what is not its client. Commands put to it in another client's way would
 * fail one after the other, as if the server were away, and each process would count by itself.
 */
export function expectClient(client: unknown, { has, lacks = [] }: Features, factory: string, what: string): void {
  const hasMethod = (name: string) => typeof (client as Partial<Record<string, unknown>> | null)?.[name] === 'function'
  if (has.every(hasMethod) && !lacks.some(hasMethod)) return
  throw new TypeError(`${factory}: expected ${what}`)
}
