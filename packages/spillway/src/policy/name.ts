/** How the name of a rule, a zone or a layer is written. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}$/

/** What to say of a name that is not written so. */
export const NAME_FAULT = 'must be 1 to 64 letters, digits or _ . : / - and start with a letter or a digit'

/** A name that a program gives; throws a `TypeError` for what is none. */
export function checkedName(name: unknown): string {
  if (typeof name === 'string' && NAME.test(name)) return name
  throw new TypeError(`name ${NAME_FAULT}`)
}
