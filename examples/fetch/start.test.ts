import { shopSuite } from '../../test/examples/shop.js'

shopSuite('examples/fetch/start.ts')
