import { shopSuite } from '../../test/examples/shop.js'

shopSuite('examples/node/start.ts')
