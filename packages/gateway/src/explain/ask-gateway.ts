import { printableLines } from '../spelling/printable.js'

/** Where a running gateway explains its denials. */
export interface GatewayToAsk {
  /** `http://HOST:PORT` of its admin listener. */
  readonly admin: string
  readonly token: string
}

/** Milliseconds that it has to answer. */
const PATIENCE = 10_000

/** The longest explanation that is read, in bytes. */
const LONGEST = 4_194_304

/**
 * The explanation of a denial by its request id, as text or as JSON. Throws an `Error` whose message says in a sentence
 * why there is none; the token is never in it, and goes to no other address than the one named.
 */
export async function askGateway({ admin, token }: GatewayToAsk, id: string, json: boolean): Promise<string> {
  const url = new URL(`api/v1/denials/${encodeURIComponent(id)}`, `${admin.replace(/\/+$/, '')}/`)
  const response = await fetch(url, {
    headers: { Authorization: `Bearer ${token}`, Accept: json ? 'application/json' : 'text/plain' },
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE),
  }).catch((error: unknown) => {
    const { cause } = error as { cause?: NodeJS.ErrnoException }
    const why = cause?.code ?? cause?.message
    throw new Error(`the gateway at ${url.origin} does not answer${why === undefined ? '' : ` (${why})`}`)
  })
  switch (response.status) {
    case 200:
      return printableLines(await bounded(response))
    case 401:
      throw new Error('the gateway does not know this token: it is `admin.token` of its policy')
    case 404:
      throw new Error(
        'the gateway knows no denial by this id: it keeps the last 1,000, and forgets them with a restart',
      )
    case 429:
      throw new Error('too many wrong tokens came from this address: wait a minute')
  }
  throw new Error(`the gateway at ${url.origin} answers with ${response.status}: is this its admin listener?`)
}

async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > LONGEST) throw new Error('the answer is too long to be an explanation')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
