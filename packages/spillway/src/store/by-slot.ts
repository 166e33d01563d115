/** Anything by the hash slot that it lies in; in each slot, and of the slots, what came first stands first. */
export function bySlot<T>(values: readonly T[], slotOf: (value: T) => number): readonly T[][] {
  const slots = new Map<number, T[]>()
  for (const value of values) {
    const slot = slotOf(value)
    const some = slots.get(slot)
    if (some === undefined) slots.set(slot, [value])
    else some.push(value)
  }
  return [...slots.values()]
}
