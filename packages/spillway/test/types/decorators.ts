/** What must and what must not compile: `spillway/decorators`. Read by `npm run types`, never run. */
import type { Limiter } from 'spillway'
import { LimitExceeded, rateLimit } from 'spillway/decorators'

declare const limiter: Limiter

export class Right {
  readonly owner = 'mia'

  @rateLimit('10/minute')
  plain(): number {
    return 1
  }

  @rateLimit('10/minute; 100/day', { by: (user: string) => user, cost: 2, block: '15m' })
  byFirst(user: string, _text: string): string {
    return user
  }

  @rateLimit('10/minute', {
    by(this: Right, user: string) {
      return this.owner + user
    },
  })
  byThis(user: string): string {
    return user
  }

  @rateLimit('10/minute')
  static async later(): Promise<number> {
    return await Promise.resolve(1)
  }

  @rateLimit(limiter, { by: (user: string) => user })
  async shared(user: string): Promise<string> {
    return await Promise.resolve(user)
  }
}

// The method keeps its signature.
export const kept: (user: string, text: string) => string = new Right().byFirst
export const promised: Promise<string> = new Right().shared('mia')
export const refusal = (error: LimitExceeded): string => `${error.code} ${error.decision.kind}`

export class Wrong {
  // @ts-expect-error by takes a number where the method takes a text
  @rateLimit('10/minute', { by: (id: number) => String(id) })
  otherType(user: string): string {
    return user
  }

  // @ts-expect-error by takes more than the method does
  @rateLimit('10/minute', { by: (user: string) => user })
  tooFew(): number {
    return 1
  }

  // @ts-expect-error by takes a text that the method's caller may leave out
  @rateLimit('10/minute', { by: (user: string) => user })
  optional(user?: string): string | undefined {
    return user
  }

  // @ts-expect-error the method belongs to another class than by's this
  @rateLimit('10/minute', {
    by(this: Right) {
      return this.owner
    },
  })
  otherThis(): number {
    return 1
  }

  // @ts-expect-error a limiter may answer later: the method must too
  @rateLimit(limiter)
  tooSoon(): number {
    return 1
  }

  // @ts-expect-error it limits methods
  @rateLimit('10/minute')
  field = 1

  // @ts-expect-error it limits methods
  @rateLimit('10/minute')
  get getter(): number {
    return 1
  }

  // @ts-expect-error it is called with quotas first
  @rateLimit
  uncalled(): number {
    return 1
  }
}

// @ts-expect-error it limits methods
@rateLimit('10/minute')
export class Whole {}

// @ts-expect-error a partition is a text
rateLimit('10/minute', { by: (id: number) => id })
// @ts-expect-error a limiter has a block of its own
rateLimit(limiter, { block: '15m' })
// @ts-expect-error a limit is a text
rateLimit(10)
// @ts-expect-error the option is by
rateLimit('10/minute', { key: (user: string) => user })
// @ts-expect-error a refusal has its decision
export const bare = new LimitExceeded('list')
