import { describe, expect, it } from 'vitest'
import { StoreError } from '../core/decision.js'
import { QuotaSyntaxError } from '../core/duration.js'
import { MINUTE } from '../core/units.js'
import { createLimiter } from '../limiter.js'
import { memoryStore } from '../store/memory/memory.js'
import type { Store } from '../store/store.js'
import { fakeClock } from '../testing/fake-clock.js'
import { LimitExceeded } from './limit-exceeded.js'
import { rateLimit } from './rate-limit.js'

/** A limiter on a clock of its own, whose store answers later. */
function made(quotas: string) {
  const clock = fakeClock()
  const memory = memoryStore({ clock })
  const store: Store = { ...memory, decide: async (charges) => memory.decide(charges) }
  return { clock, limiter: createLimiter({ quotas, store }) }
}

describe('a limited method', () => {
  it('runs with its arguments and its this, and throws once the limit is used up', () => {
    class Towns {
      readonly prefix = 'town of '
      @rateLimit('2/minute')
      name(first: string, second = 'nowhere') {
        return `${this.prefix}${first}, ${second}`
      }
    }
    const towns = new Towns()
    expect(towns.name('Bergen')).toBe('town of Bergen, nowhere')
    expect(new Towns().name('Tartu', 'Estonia')).toBe('town of Tartu, Estonia')
    expect(() => towns.name('Leuven')).toThrow(LimitExceeded)
  })

  it('says what was called, how long to wait, and why', () => {
    class Towns {
      @rateLimit('1/minute')
      list() {
        return []
      }
      @rateLimit('1/minute', { block: '15m' })
      export() {
        return []
      }
      @rateLimit('1/minute', { cost: 2 })
      import() {
        return []
      }
    }
    const towns = new Towns()
    towns.list()
    expect(() => towns.list()).toThrow(/^list was called too often: try again in (1 minute|\d+ (milli)?seconds)$/)
    towns.export()
    expect(() => towns.export()).toThrow('export was called too often: try again in 15 minutes')
    expect(() => towns.export()).toThrow(/^export is blocked for /)
    expect(() => towns.import()).toThrow('import costs more than ever passes: 1 is the most')
    expect(caught(() => towns.list())).toMatchObject({
      name: 'LimitExceeded',
      code: 'ERR_SPILLWAY_LIMIT_EXCEEDED',
      decision: { kind: 'denied', limit: 1, remaining: 0 },
    })
  })

  it('rejects where it is async, and lets what it awaits be', async () => {
    class Towns {
      @rateLimit('1/minute')
      async list() {
        return await Promise.resolve(['Bergen'])
      }
    }
    const towns = new Towns()
    expect(await towns.list()).toEqual(['Bergen'])
    const refused = towns.list()
    expect(refused).toBeInstanceOf(Promise)
    await expect(refused).rejects.toThrow(LimitExceeded)
  })

  it('draws on the partition that by finds in its arguments', () => {
    class Mails {
      @rateLimit('1/minute', { by: (user: string) => user })
      send(user: string, text: string) {
        return `${user}: ${text}`
      }
    }
    const mails = new Mails()
    expect(mails.send('mia', 'hello')).toBe('mia: hello')
    expect(mails.send('bob', 'hello')).toBe('bob: hello')
    expect(() => mails.send('mia', 'again')).toThrow(LimitExceeded)
  })

  it('draws on the partition that by finds in its this', () => {
    class Account {
      readonly owner: string
      constructor(owner: string) {
        this.owner = owner
      }
      @rateLimit('1/minute', {
        by(this: Account) {
          return this.owner
        },
      })
      transfer(cents: number) {
        return cents
      }
    }
    expect(new Account('mia').transfer(5)).toBe(5)
    expect(new Account('bob').transfer(5)).toBe(5)
    expect(() => new Account('mia').transfer(5)).toThrow(LimitExceeded)
  })

  it('takes its cost', () => {
    class Towns {
      @rateLimit('5/minute', { cost: 3 })
      list() {
        return []
      }
    }
    const towns = new Towns()
    towns.list()
    expect(() => towns.list()).toThrow(LimitExceeded)
  })

  it('does not run where by fails', () => {
    let ran = 0
    class Towns {
      @rateLimit('5/minute', { by: (user: { name: string }) => user.name })
      list(_user: { name: string }) {
        return ran++
      }
      @rateLimit('5/minute', { by: () => undefined as unknown as string })
      map() {
        return ran++
      }
    }
    expect(() => new Towns().list(undefined as unknown as { name: string })).toThrow(TypeError)
    expect(() => new Towns().map()).toThrow('partition must be a text')
    expect(ran).toBe(0)
  })

  it('may be static, private or inherited, and keeps its name and length', () => {
    class Towns {
      @rateLimit('1/minute')
      static count(_by: string) {
        return 3
      }
      @rateLimit('1/minute')
      #hidden() {
        return 3
      }
      open() {
        return this.#hidden()
      }
    }
    class Cities extends Towns {}
    expect([Towns.count.name, Towns.count.length]).toEqual(['count', 1])
    expect(Cities.count('area')).toBe(3)
    expect(() => Towns.count('area')).toThrow(LimitExceeded)
    new Cities().open()
    expect(() => new Towns().open()).toThrow(LimitExceeded)
  })
})

describe('a limiter in a decorator', () => {
  it('may answer later, and is shared by the methods that it is on', async () => {
    const { clock, limiter } = made('1/minute')
    class Towns {
      @rateLimit(limiter)
      async list() {
        return await Promise.resolve('list')
      }
      @rateLimit(limiter)
      map() {
        return Promise.resolve('map')
      }
    }
    const towns = new Towns()
    expect(await towns.list()).toBe('list')
    await expect(towns.map()).rejects.toMatchObject({ decision: { retryAfter: MINUTE } })
    clock.advance('1m')
    expect(await towns.map()).toBe('map')
  })

  it.each([
    ['deny', 'rejects with the error of the store'],
    ['allow', 'lets the call pass'],
  ] as const)('under %s, while its store fails, %s', async (onStoreFailure, _) => {
    const cause = new StoreError('ERR_SPILLWAY_TEST', 'down')
    const fail = () => Promise.reject(cause)
    const store: Store = { decide: fail, peek: fail, refund: fail, block: fail, unblock: fail, reset: fail }
    const limiter = createLimiter({ quotas: '1/minute', store, onStoreFailure })
    class Towns {
      @rateLimit(limiter)
      async list() {
        return await Promise.resolve('list')
      }
    }
    const called = new Towns().list()
    await (onStoreFailure === 'deny' ? expect(called).rejects.toBe(cause) : expect(called).resolves.toBe('list'))
  })

  it('takes no block of its own', () => {
    const { limiter } = made('1/minute')
    expect(() => rateLimit(limiter, { block: '1m' } as object)).toThrow(TypeError)
  })
})

describe('decorators in any order', () => {
  /** Stands for any decorator that puts something in the method's place. */
  function shouting<This, Args extends unknown[]>(
    method: (this: This, ...args: Args) => string,
    _: ClassMethodDecoratorContext,
  ) {
    return function (this: This, ...args: Args) {
      return method.apply(this, args).toUpperCase()
    }
  }
  /** Stands for any decorator that notes the method's name, to call it later. */
  const routes = new Map<string, (self: never) => unknown>()
  function route<Self>(_method: unknown, { name, access }: ClassMethodDecoratorContext<Self>) {
    routes.set(String(name), access.get)
  }

  class Towns {
    @rateLimit('1/minute')
    @shouting
    above() {
      return 'above'
    }
    @shouting
    @rateLimit('1/minute')
    below() {
      return 'below'
    }
    @rateLimit('9/minute')
    @rateLimit('1/minute')
    async twice() {
      return await Promise.resolve('twice')
    }
    @rateLimit('1/minute')
    @route
    registered() {
      return 'registered'
    }
  }

  it('limit a method whatever stands above and below', async () => {
    const towns = new Towns()
    expect([towns.above(), towns.below(), await towns.twice()]).toEqual(['ABOVE', 'BELOW', 'twice'])
    expect(() => towns.above()).toThrow(LimitExceeded)
    expect(() => towns.below()).toThrow(LimitExceeded)
    await expect(towns.twice()).rejects.toThrow(LimitExceeded)
  })

  it('limit a method that another one registers by its name', () => {
    const towns = new Towns()
    const call = () => (routes.get('registered')!(towns as never) as () => string).call(towns)
    expect(call()).toBe('registered')
    expect(call).toThrow(LimitExceeded)
  })
})

describe('a decorator out of place', () => {
  const limit = rateLimit('1/minute') as unknown as (...args: unknown[]) => unknown

  it.each(['class', 'field', 'getter', 'setter', 'accessor'])('throws where it is put on a %s', (kind) => {
    expect(() => limit(() => 1, { kind, name: 'towns' })).toThrow(`rateLimit limits methods, not a ${kind}`)
  })

  it('throws where the class is defined', () => {
    const wrong = limit as unknown as (value: undefined, context: ClassFieldDecoratorContext) => void
    expect(() => {
      class Towns {
        @wrong list = () => []
      }
      return Towns
    }).toThrow('rateLimit limits methods, not a field')
  })

  it('throws under experimentalDecorators', () => {
    expect(() => limit({}, 'list', { value: () => 1 })).toThrow('compile without experimentalDecorators')
  })

  it('throws for quotas that cannot be read', () => {
    expect(() => rateLimit('10 per fortnight')).toThrow(QuotaSyntaxError)
  })
})

function caught(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
