import { memoryStore } from '../store/memory/memory.js'
import { algorithmSuite } from './algorithm-suite.js'
import { plainStore } from './plain-store.js'

algorithmSuite('the plain store', plainStore)
algorithmSuite('the memory store', (clock) => memoryStore({ clock }))
