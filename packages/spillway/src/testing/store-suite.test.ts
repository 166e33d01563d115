import { memoryStore } from '../store/memory/memory.js'
import { plainStore } from './plain-store.js'
import { storeSuite } from './store-suite.js'

storeSuite('plainStore', plainStore)
storeSuite('memoryStore', (clock) => memoryStore({ clock }))
