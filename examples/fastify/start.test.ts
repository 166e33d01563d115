import { shopSuite } from '../../test/examples/shop.js'

shopSuite('examples/fastify/start.ts')
