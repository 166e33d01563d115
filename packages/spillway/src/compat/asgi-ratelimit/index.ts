/** The public entry `spillway/compat/asgi-ratelimit`: a guard of a configuration of that Python package. */
export type { AsgiConfig, AsgiRule } from './config.js'
export type { AsgiGuard, AsgiGuardOptions } from './guard.js'
export { asgiGuard } from './guard.js'
export type { BlockReach } from './policy.js'
