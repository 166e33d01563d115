/** What the stores of @fastify/rate-limit have in common. */
export interface FastifyStore {
  /** Counts one unit; calls `done` with the count, at once or later. `window` is in milliseconds. */
  incr(
    name: string,
    done: (error: Error | null, result?: { readonly current: number }) => void,
    window: number,
    max: number,
  ): void
}

/**
 * Makes a store of @fastify/rate-limit, without the plugin around it. `rest` is what its constructor takes besides: how
 * many partitions it holds, or a client of ioredis. Rejects where the package has no such file.
 */
export async function fastifyStore(name: 'LocalStore' | 'RedisStore', rest: unknown): Promise<FastifyStore> {
  // The package has no types for a file of its own.
  const path: string = `@fastify/rate-limit/store/${name}.js`
  const { default: Store } = (await import(path)) as { default: new (...options: unknown[]) => FastifyStore }
  const [continueExceeding, exponentialBackoff] = [false, false]
  return new Store(continueExceeding, exponentialBackoff, rest)
}
