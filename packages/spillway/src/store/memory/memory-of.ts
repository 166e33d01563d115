import type { Store } from '../store.js'
import type { Memory } from './decide.js'

const memories = new WeakMap<Store, Memory>()

/** Notes what a memory store consists of. */
export function noteMemory(store: Store, memory: Memory): void {
  memories.set(store, memory)
}

/** What a memory store consists of; nothing of any other store. */
export function memoryOf(store: Store): Memory | undefined {
  return memories.get(store)
}
