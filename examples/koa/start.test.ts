import { shopSuite } from '../../test/examples/shop.js'

shopSuite('examples/koa/start.ts')
