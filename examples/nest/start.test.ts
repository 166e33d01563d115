import { shopSuite } from '../../test/examples/shop.js'

const TSX_TSCONFIG_PATH = 'examples/nest/tsconfig.json'

shopSuite('examples/nest/start.ts', { TSX_TSCONFIG_PATH })
shopSuite('examples/nest/start.ts', { TSX_TSCONFIG_PATH, PLATFORM: 'fastify' })
