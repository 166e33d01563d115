/** Methods that may be repeated though the first time may have had an effect (RFC 9110, 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/** The body is there to be sent again: none, or one that is no stream. A `Request` has its body as a stream. */
export function hasLastingBody(input: string | URL | Request, init: RequestInit | undefined): boolean {
  const body: unknown = init?.body ?? (isRequest(input) ? input.body : undefined)
  if (body === undefined || body === null || typeof body === 'string') return true
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return true
  return body instanceof URLSearchParams || body instanceof Blob || body instanceof FormData
}

/** Whether a status says that a request was refused and may come again: 429 was not acted upon; of 503 that is not sure. */
export function mayComeAgain(status: number, method: string): boolean {
  return status === 429 || (status === 503 && IDEMPOTENT.has(method))
}

/** Told by its members: a `Request` may come from another realm, or another implementation of Fetch. */
export function isRequest(input: string | URL | Request): input is Request {
  return typeof input === 'object' && input !== null && 'url' in input
}
