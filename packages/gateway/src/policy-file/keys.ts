/** The keys that lead to a value of a policy file, outermost first. */
export type Keys = readonly (string | number)[]

/** Keys as a person reads them, `rules[2].quotas[0]`. A key of `groups` may be a credential: it is counted, not shown. */
export function pathOf(keys: Keys): string {
  return keys
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`
      if (keys[index - 1] === 'groups') return '[…]'
      if (!/^[A-Za-z_][\w-]*$/.test(key)) return `[${JSON.stringify(key.slice(0, 40))}]`
      return index === 0 ? key : `.${key}`
    })
    .join('')
}

/** The keys of a place as the compiled policy spells it: `layers[0].rules[2]`. */
export function keysOf(place: string): Keys {
  return [...place.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([text, index]) => (index === undefined ? text : Number(index)))
}
