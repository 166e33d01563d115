import { shopSuite } from '../../test/examples/shop.js'

shopSuite('examples/hono/start.ts')
