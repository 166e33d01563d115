import type { LogLine, LogTexts } from '../log-line.js'

/** What a line of text tells of a request besides its time. */
export interface LineTexts {
  readonly address: string
  readonly method: string
  /** The bytes on the request line. */
  readonly target: Buffer
  /** Three digits; 0 where it is not told. */
  readonly status: number
  readonly userAgent: string | undefined
}

/** Fills a line for a server that logs neither users nor other fields. */
export function fill(into: LogLine, texts: LogTexts, { address, method, target, status, userAgent }: LineTexts): void {
  into.address = texts.addresses.ofString(address)
  into.user = undefined
  into.method = texts.names.ofString(method)
  into.target = texts.targets.ofBytes(target)
  into.status = status
  into.userAgent = userAgent === undefined ? undefined : texts.agents.ofString(userAgent)
  into.fields = undefined
}
