/** Where a listener binds. */
export interface ListenAddress {
  /** A name or an address, without brackets. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

/** Reads `HOST:PORT`, an IPv6 host in brackets: `127.0.0.1:8080`, `[::]:8080`. Throws a `RangeError` that shows the text. */
export function parseListenAddress(text: string): ListenAddress {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text)
  const host = parts?.[1] ?? parts?.[2]
  const port = Number(parts?.[3])
  if (host === undefined || port > 65_535) {
    throw new RangeError(
      `"${text}" is not an address to listen on: write HOST:PORT, such as 127.0.0.1:8080 or [::]:8080`,
    )
  }

  return { host, port }
}

/** Whether only this machine can reach the host. A name other than `localhost` counts as reachable from elsewhere. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

/** `host` as it stands in a URL. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
