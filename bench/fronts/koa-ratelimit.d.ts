/** What the bench uses of koa-ratelimit, which has no types of its own. */
declare module 'koa-ratelimit' {
  import type { Middleware } from 'koa'

  interface Options {
    readonly driver: 'memory'
    readonly db: Map<unknown, unknown>
    /** In milliseconds. */
    readonly duration: number
    readonly max: number
  }

  function rateLimit(options: Options): Middleware

  export = rateLimit
}
