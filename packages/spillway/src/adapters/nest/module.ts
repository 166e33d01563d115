import type { ArgumentsHost, DynamicModule, ExceptionFilter, FactoryProvider, ModuleMetadata } from '@nestjs/common'
import { Catch, Inject } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, HttpAdapterHost } from '@nestjs/core'
import { RateLimitException } from './answering.js'
import type { NestRequest, NestResponse } from './asked.js'
import type { Front, SpillwayModuleOptions } from './front.js'
import { frontOf } from './front.js'
import { limitEverything } from './platform.js'

/** Options that come of other providers, also later. */
export interface SpillwayModuleAsyncOptions {
  /** The modules whose providers `useFactory` takes. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>
  /** The tokens of what `useFactory` takes. */
  readonly inject?: NonNullable<FactoryProvider['inject']>
  /** Gives the options, at once or later. */
  readonly useFactory: FactoryProvider<SpillwayModuleOptions>['useFactory']
}

const OPTIONS = Symbol('spillway.options')
const FRONT = Symbol('spillway.front')

/**
 * Limits a Nest application, on Express or Fastify: every request by `limit`, 404s too, and what `@RateLimit()` stands on,
 * of controllers, resolvers and gateways:
 *
 * ```ts
 * @Module({ imports: [SpillwayModule.forRoot({ limit: guard })] })
 * class AppModule {}
 * ```
 *
 * It is global: import it once. The application does not start where an option is wrong.
 */
export class SpillwayModule {
  declare readonly host: HttpAdapterHost
  declare readonly front: Front

  /** Limits by these options. */
  static forRoot(options: SpillwayModuleOptions): DynamicModule {
    return SpillwayModule.forRootAsync({ useFactory: () => options })
  }

  /** Limits by options that a factory makes. */
  static forRootAsync({ imports = [], inject = [], useFactory }: SpillwayModuleAsyncOptions): DynamicModule {
    return {
      module: SpillwayModule,
      imports,
      providers: [
        { provide: OPTIONS, inject, useFactory },
        { provide: FRONT, inject: [OPTIONS], useFactory: frontOf },
        { provide: APP_GUARD, inject: [FRONT], useFactory: (front: Front) => front },
        { provide: APP_FILTER, inject: [FRONT], useFactory: (front: Front) => new RefusalFilter(front) },
      ],
    }
  }

  /** Called by Nest behind body parsers and what `app.use` was given, and before all that answers. */
  configure(): void {
    limitEverything(this.host.httpAdapter, this.front)
  }
}

Inject(HttpAdapterHost)(SpillwayModule.prototype, 'host')
Inject(FRONT)(SpillwayModule.prototype, 'front')

class RefusalFilter implements ExceptionFilter<RateLimitException> {
  readonly #front: Front

  constructor(front: Front) {
    this.#front = front
  }

  catch(refusal: RateLimitException, host: ArgumentsHost): unknown {
    const type: string = host.getType()
    // GraphQL takes an error that is returned for one that is thrown.
    if (type !== 'http') return refusal
    const http = host.switchToHttp()
    return this.#front.refuse(refusal, http.getRequest<NestRequest>(), http.getResponse<NestResponse>())
  }
}

Catch(RateLimitException)(RefusalFilter)
