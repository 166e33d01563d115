/** Numbers by client that have room for this one: the same ones, or a longer copy. */
export function withRoom<Numbers extends Uint16Array | Uint32Array>(numbers: Numbers, client: number): Numbers {
  if (client < numbers.length) return numbers
  const like = numbers.constructor as new (length: number) => Numbers
  const longer = new like(Math.max(client + 1, 2 * numbers.length))
  longer.set(numbers)
  return longer
}
