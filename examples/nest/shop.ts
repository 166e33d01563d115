import { Controller, Get, HttpCode, Module, Post, Query, Req, UnauthorizedException } from '@nestjs/common'
import { createGuard, memoryStore } from 'spillway'
import { clientIp, header } from 'spillway/identity'
import type { NestRequest } from 'spillway/nest'
import { RateLimit, SkipRateLimit, SpillwayModule, verdictOf } from 'spillway/nest'

const guard = createGuard({
  rules: [
    { name: 'partners', path: '/**', group: 'partner', quotas: '100/minute' },
    { name: 'search', path: '/search', quotas: '10/minute' },
    { name: 'all', path: '/**', quotas: '20/minute' },
  ],
  identity: [header({ name: 'x-api-key', groups: { 'key-of-mia': 'partner' } }), clientIp()],
  costs: { search: ({ target }) => depthOf(new URL(target, 'http://shop').searchParams.get('depth')) },
  store: memoryStore(),
})

@Controller()
class ShopController {
  @Get('towns')
  towns(@Req() request: NestRequest) {
    const verdict = verdictOf(request)
    const decision = verdict?.kind === 'allow' ? verdict.decisions[0]?.decision : undefined
    const remaining = decision?.kind === 'allowed' ? decision.remaining : undefined
    return { towns: ['Bergen', 'Tartu'], remaining }
  }

  @Get('search')
  search(@Query('depth') depth?: string) {
    return { depth: depthOf(depth ?? null) }
  }

  @RateLimit('3/minute', { name: 'guesses', charge: { when: 'response', on: 401 } })
  @Post('login')
  @HttpCode(200)
  login(@Query('password') password?: string) {
    if (password !== 'correct') throw new UnauthorizedException()
    return { welcome: true }
  }

  @SkipRateLimit()
  @Get('health')
  health() {
    return { up: true }
  }
}

/** These routes share two a minute. */
@RateLimit('2/minute', { name: 'reports' })
@Controller('reports')
class ReportsController {
  @Get('year')
  year() {
    return { report: 'year' }
  }

  @Get('month')
  month() {
    return { report: 'month' }
  }
}

/** What a search costs: a whole number from 1, whatever the client sends. Any other cost is a fault, and answered with 500. */
function depthOf(sent: string | null): number {
  const depth = Number(sent ?? 1)
  return Number.isSafeInteger(depth) && depth >= 1 ? depth : 1
}

/** The whole application. */
@Module({
  imports: [SpillwayModule.forRoot({ limit: guard })],
  controllers: [ShopController, ReportsController],
})
export class ShopModule {}
