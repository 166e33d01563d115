/** What a client of Redis or Valkey must do for the store. Made by `fromIoredis` and its like, one for each client. */
export interface RedisConnection {
  /**
   * Sends `EVALSHA` or `EVAL` with these keys and arguments, once: never again after a lost reply. Rejects with the
   * server's error, whose message begins with its code (`NOSCRIPT …`), or with the client's own where none came.
   */
  script(
    command: 'EVALSHA' | 'EVAL',
    script: string,
    keys: readonly string[],
    args: readonly string[],
  ): Promise<unknown>

  /** Sends any other command that names no key, such as `INFO memory`. Absent on a client that cannot say to which node. */
  command?(...args: readonly string[]): Promise<unknown>

  /** Drops the connection and opens another, where the server has become one that cannot write. Absent: the client does so itself. */
  reconnect?(): void

  /** Why there is no connection, where the client has just told that by an event. Absent: what it rejects with says so. */
  lastError?(): Error | undefined

  /** Whether the keys of one script must lie in one hash slot. */
  readonly cluster: boolean
}
