import { algorithmSuite } from '../../src/testing/algorithm-suite.js'
import { storeSuite } from '../../src/testing/store-suite.js'
import { one } from './one.js'
import { scriptServer } from './script-server.js'

const server = scriptServer()

algorithmSuite('the script', (clock) => one(server().calls(clock)))
storeSuite('the script', (clock) => one(server().calls(clock)), { programs: 100 })
