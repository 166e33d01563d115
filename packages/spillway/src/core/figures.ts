/**
 * Where the fast forms of the algorithms leave a standing: one object for all calls, so that a decision allocates nothing
 * but itself. Read it before the next call. (NaN at first, so that the engine keeps plain doubles in it.)
 */
export const figures = { wait: Number.NaN, remaining: Number.NaN, resetAfter: Number.NaN }
