/** A fault of a policy file, or a warning about it: where it stands and how to mend it. */
export interface Fault {
  /** As the caller named it. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  /** As a person reads it: `rules[2].quotas[0]`. Empty: the whole file. */
  readonly path: string
  /** Never holds the value of an environment variable. */
  readonly message: string
}

/** A policy file that cannot be used. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError'
  /** Every fault at once, in the order of the file; at least one. */
  readonly faults: readonly Fault[]
  /** What the file holds, before any substitution. Absent where it could not be read. */
  readonly text: string | undefined

  constructor(faults: readonly Fault[], text?: string) {
    const inOrder = [...faults].sort(byPlace)
    super(inOrder.map(spell).join('\n'))
    this.faults = inOrder
    this.text = text
  }
}

/** Compares by the order of the file. */
export function byPlace(a: Fault, b: Fault): number {
  return a.line - b.line || a.column - b.column
}

/** One line: `FILE:LINE:COLUMN error PATH: MESSAGE`, the path left out where it is the whole file. */
function spell(fault: Fault): string {
  return `${fault.file}:${fault.line}:${fault.column} error ${about(fault)}`
}

/** `PATH: MESSAGE`. */
export function about({ path, message }: Pick<Fault, 'path' | 'message'>): string {
  return path === '' ? message : `${path}: ${message}`
}
