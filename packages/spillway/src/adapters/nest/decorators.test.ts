import type { ModuleMetadata } from '@nestjs/common'
import { Controller, Get, Injectable, Module, Post, Query } from '@nestjs/common'
import { describe, expect, it } from 'vitest'
import { decorated, nestApplication, platforms, served } from '../../../test/nest-application.js'
import { createGuard } from '../../guard.js'
import { memoryStore } from '../../store/memory/memory.js'
import { send } from '../../testing/raw-client.js'
import type { SpillwayModuleOptions } from './index.js'
import { RateLimit, SkipRateLimit, SpillwayModule } from './index.js'

const guard = (quotas: string) => createGuard({ rules: [{ name: 'all', path: '/**', quotas }], store: memoryStore() })

/** What an application answers to requests, one after the other. */
async function statuses(metadata: ModuleMetadata, platform: keyof typeof platforms, ...paths: readonly string[]) {
  const { port, close } = await served(await nestApplication(metadata, platform))
  const seen: number[] = []
  for (const path of paths) {
    const [method = 'GET', target = ''] = path.includes(' ') ? path.split(' ') : ['GET', path]
    const json = method === 'POST' ? { headers: { 'content-type': 'application/json' }, chunks: ['{broken'] } : {}
    seen.push((await send(port, target, { method, ...json })).status)
  }
  await close()
  return seen
}

/** A decorator that puts another function in the method's place, as those for logs or caches do. */
const Wrapped: MethodDecorator = (_target, _key, descriptor) => {
  const inner = descriptor.value as unknown as (...args: unknown[]) => unknown
  return {
    ...descriptor,
    value: function (this: unknown, ...args: unknown[]) {
      return inner.apply(this, args)
    },
  } as typeof descriptor
}

describe.each(Object.keys(platforms) as (keyof typeof platforms)[])('the decorators of Nest on %s', (platform) => {
  const limited = SpillwayModule.forRoot({})

  it.each([
    ['below the route', [Get(), RateLimit('1/minute')]],
    ['above the route', [RateLimit('1/minute'), Get()]],
    ['below a decorator that wraps the method', [Get(), Wrapped, RateLimit('1/minute')]],
    ['below both', [Wrapped, Get(), RateLimit('1/minute')]],
    ['above a decorator that wraps the method', [RateLimit('1/minute'), Wrapped, Get()]],
  ] as const)('limit a route where they stand %s', async (_, list) => {
    class Towns {
      list() {
        return 'towns'
      }
    }
    const controllers = [decorated(Towns, { on: [Controller('towns')], methods: { list } })]
    const answered = await statuses({ imports: [limited], controllers }, platform, '/towns', '/towns')
    // Nest finds no route where another decorator has taken it off.
    expect(answered).toEqual(answered[0] === 404 ? [404, 404] : [200, 429])
  })

  it('limit all routes of a class by one pool, beside those of its methods', async () => {
    class Towns {
      list() {
        return 'towns'
      }
      find() {
        return 'town'
      }
    }
    const controllers = [
      decorated(Towns, {
        on: [RateLimit('3/minute'), Controller('towns')],
        methods: { list: [Get()], find: [Get('one'), RateLimit('1/minute')] },
      }),
    ]
    const paths = ['/towns/one', '/towns/one', '/towns', '/towns', '/towns/one']
    expect(await statuses({ imports: [limited], controllers }, platform, ...paths)).toEqual([200, 429, 200, 429, 429])
  })

  it('hold for what inherits a class, whether or not it overrides the method', async () => {
    class Base {
      list() {
        return 'base'
      }
    }
    decorated(Base, { methods: { list: [Get(), RateLimit('1/minute')] } })
    class Inheriting extends Base {}
    class Overriding extends Base {
      override list() {
        return 'own'
      }
    }
    const controllers = [
      decorated(Inheriting, { on: [Controller('a')] }),
      decorated(Overriding, { on: [Controller('b')], methods: { list: [Get()] } }),
    ]
    expect(await statuses({ imports: [limited], controllers }, platform, '/a', '/b')).toEqual([200, 429])
  })

  it('exempt a route, or a class, from the limit of the module too', async () => {
    class Health {
      live() {
        return 'live'
      }
      ready() {
        return 'ready'
      }
    }
    class Metrics {
      read() {
        return 'metrics'
      }
    }
    const controllers = [
      decorated(Health, {
        on: [Controller('health')],
        methods: { live: [SkipRateLimit(), Get('live/:id')], ready: [Get('ready')] },
      }),
      decorated(Metrics, { on: [SkipRateLimit(), Controller('metrics')], methods: { read: [Get()] } }),
    ]
    const imports = [SpillwayModule.forRoot({ limit: guard('1/minute') })]
    const free = ['/health/live/1', '/health/live/2', '/metrics', '/metrics']
    expect(
      await statuses({ imports, controllers }, platform, ...free, '/health/ready', '/health/ready', ...free),
    ).toEqual([...[200, 200, 200, 200], ...[200, 429], ...[200, 200, 200, 200]])
  })

  it('exempt nothing that is only called like what is exempt', async () => {
    class Pages {
      read() {
        return 'exempt'
      }
    }
    const exempt = decorated(Pages, { on: [Controller('exempt')], methods: { read: [SkipRateLimit(), Get()] } })
    class Others {
      read() {
        return 'limited'
      }
    }
    const other = decorated(Others, { on: [Controller('other')], methods: { read: [Get()] } })
    const imports = [SpillwayModule.forRoot({ limit: guard('1/minute') })]
    const paths = ['/exempt', '/other', '/other', '/exempt']
    expect(await statuses({ imports, controllers: [exempt, other] }, platform, ...paths)).toEqual([200, 200, 429, 200])
  })

  it('draw on the store of the module, under the names of class and method', async () => {
    const store = memoryStore()
    const application = () => {
      class Towns {
        list(name: string) {
          return name
        }
      }
      return decorated(Towns, {
        on: [Controller('towns')],
        methods: { list: [Get(), RateLimit('2/minute')] },
        parameters: { list: [Query('name')] },
      })
    }
    const imports = () => [SpillwayModule.forRoot({ store })]
    const first = await served(await nestApplication({ imports: imports(), controllers: [application()] }, platform))
    expect((await send(first.port, '/towns')).headers.ratelimit).toBe('"Towns.list";r=1;t=60')
    await first.close()
    expect(await statuses({ imports: imports(), controllers: [application()] }, platform, '/towns', '/towns')).toEqual([
      200, 429,
    ])
  })

  it('fail where two limits on one store would share a name that nobody gave', async () => {
    const towns = (path: string) => {
      class Towns {
        list() {
          return 'towns'
        }
      }
      return decorated(Towns, { on: [Controller(path)], methods: { list: [Get(), RateLimit('2/minute')] } })
    }
    const imports = [SpillwayModule.forRoot({ store: memoryStore() })]
    expect(await statuses({ imports, controllers: [towns('a'), towns('b')] }, platform, '/a', '/b')).toEqual([200, 500])
  })

  it('count a body that cannot be read', async () => {
    class Towns {
      add() {
        return 'added'
      }
    }
    const controllers = [decorated(Towns, { on: [Controller('towns')], methods: { add: [Post()] } })]
    const imports = [SpillwayModule.forRoot({ limit: guard('2/minute') })]
    expect(await statuses({ imports, controllers }, platform, 'POST /towns', 'POST /towns', 'POST /towns')).toEqual([
      400, 400, 429,
    ])
  })

  it('take the options of the module from other providers, also later', async () => {
    class Settings {
      readonly quotas = '1/minute'
    }
    decorated(Settings, { on: [Injectable()] })
    const settings = decorated(class {}, { on: [Module({ providers: [Settings], exports: [Settings] })] })
    const imports = [
      SpillwayModule.forRootAsync({
        imports: [settings],
        inject: [Settings],
        useFactory: async ({ quotas }: Settings) => ({ limit: quotas }),
      }),
    ]
    expect(await statuses({ imports }, platform, '/nowhere', '/nowhere')).toEqual([404, 429])
  })
})

describe('a decorator of Nest', () => {
  it('throws at once where its quotas cannot be read', () => {
    expect(() => RateLimit('5/minit')(class {})).toThrow('minit')
  })

  it('throws where it is called as a standard decorator', () => {
    const context = { kind: 'method', name: 'list' } as unknown as string
    expect(() => RateLimit('5/minute')(() => undefined, context)).toThrow('experimentalDecorators')
  })

  it('keeps an application from starting whose module has a limit that cannot be read', async () => {
    const imports = [SpillwayModule.forRoot({ limit: '5/minit' })]
    await expect(nestApplication({ imports })).rejects.toThrow('minit')
    const misspelt = { limits: '5/minute' } as SpillwayModuleOptions
    await expect(nestApplication({ imports: [SpillwayModule.forRoot(misspelt)] })).rejects.toThrow('no option "limits"')
  })
})
