import type { JSONWebKeySet } from 'jose'

/** For one fetch with its redirects and its body, in milliseconds. */
export const TIMEOUT = 5_000
const MOST_BYTES = 1_048_576
const MOST_REDIRECTS = 3

/**
 * Fetches a JSON Web Key Set (RFC 7517, 5). Redirects are followed within the origin alone. Rejects for a status, a size,
 * a redirect or a content that is not as it should be, and after five seconds.
 */
export async function fetchKeySet(url: URL): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(TIMEOUT)
  let place = url

  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await fetch(place, { redirect: 'manual', signal, headers: { accept: 'application/json' } })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || location === null) return parseKeySet(await bodyOf(response))

    await response.body?.cancel()
    place = new URL(location, place)
    if (place.origin !== url.origin)
      throw new Error(`${url.origin} redirects to ${place.origin}, which is not followed`)
  }
  throw new Error(`${url.origin} redirects more than ${MOST_REDIRECTS} times`)
}

async function bodyOf(response: Response): Promise<string> {
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel()
    throw new Error(`the key set came with status ${response.status}`)
  }

  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength
    if (size > MOST_BYTES) {
      await reader.cancel()
      throw new Error(`the key set is longer than ${MOST_BYTES} bytes`)
    }
    text += decoder.decode(part.value, { stream: true })
  }
  return text + decoder.decode()
}

function parseKeySet(text: string): JSONWebKeySet {
  const document: unknown = JSON.parse(text)
  const keys = typeof document === 'object' && document !== null && 'keys' in document ? document.keys : undefined
  if (!Array.isArray(keys)) throw new Error('the key set has no list of keys')
  return { keys: keys.filter((key) => typeof key === 'object' && key !== null) }
}
