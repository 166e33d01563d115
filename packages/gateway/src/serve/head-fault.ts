/** The part of a request that `headFault` looks at. */
export interface Head {
  readonly httpVersion: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly headers: { readonly host?: string | undefined; readonly 'transfer-encoding'?: string | undefined }
}

/**
 * Why a head could be read in two ways, as a sentence for the client; absent where it could not. A header of `single`
 * (lower case) that comes twice would let gateway and upstream see two users; HTTP/1.1 wants one Host (RFC 9112, 3.2). A
 * body in another coding than `chunked` would arrive without the name of that coding, and HTTP/1.0 knows none (RFC
 * 9112, 6.1).
 */
export function headFault(head: Head, single: ReadonlySet<string>): string | undefined {
  if (head.headers.host === undefined && head.httpVersion !== '1.0') return 'The request has no Host header.'

  const coding = head.headers['transfer-encoding']
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || head.httpVersion === '1.0'))
    return 'The request has a Transfer-Encoding other than chunked, or one in HTTP/1.0.'

  const repeated = repeatedHeader(head.rawHeaders, single)
  return repeated === undefined ? undefined : `The request has more than one ${repeated} header.`
}

function repeatedHeader(rawHeaders: readonly string[], single: ReadonlySet<string>): string | undefined {
  let seen = ''
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase()
    if (!single.has(name)) continue
    if (seen.includes(`:${name}:`)) return name
    seen += `:${name}:`
  }
  return undefined
}
