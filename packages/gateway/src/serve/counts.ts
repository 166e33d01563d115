/** How often each kind came: 0 of those that have not, so that who watches sees the first one too. */
export type Counts = Map<string, number>

/** Every kind, at 0. */
export type None<Kind extends string> = Readonly<Record<Kind, 0>>

/** Counts that begin at 0. */
export function countsFrom(none: None<string>): Counts {
  return new Map(Object.entries(none))
}

/** Counts one more of a kind. */
export function count(counts: Counts, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1)
}
