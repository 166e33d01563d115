import type { Answer, Field } from 'spillway'

/** The answer to a request that does not pass. */
export type Refusal = Answer & { readonly kind: 'refuse' }

const REQUEST_ID = 'X-Request-Id'

/** Names the fields that a script of another origin may read (Fetch standard, CORS protocol). */
const EXPOSED = 'Access-Control-Expose-Headers'

/** The answer with its request id. A script of another origin may read it where it may read the rest. */
export function withRequestId(answer: Refusal, id: string): Refusal {
  const fields = answer.fields.map(
    ([name, value]): Field => [name, name === EXPOSED ? `${value}, ${REQUEST_ID}` : value],
  )
  return { ...answer, fields: [...fields, [REQUEST_ID, id]] }
}
