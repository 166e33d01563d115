/** The entry `spillway/decorators`: limits on the methods of plain classes. */
export { LimitExceeded } from './limit-exceeded.js'
export type { AsyncMethodLimit, DecoratorOptions, MethodLimit, QuotaDecoratorOptions } from './rate-limit.js'
export { rateLimit } from './rate-limit.js'
