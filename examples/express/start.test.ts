import { shopSuite } from '../../test/examples/shop.js'

shopSuite('examples/express/start.ts')
