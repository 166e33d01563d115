/** The entry `spillway/client`: `fetch` for programs that are limited by others. */
export type { Fetch, PacedFetchOptions } from './paced-fetch.js'
export { pacedFetch } from './paced-fetch.js'
export { readLimits } from './read-limits.js'
export type { Reading, Told } from './reading.js'
