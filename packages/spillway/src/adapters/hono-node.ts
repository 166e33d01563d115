import type { Answer } from '../http/answer.js'
import type { Field } from '../http/fields.js'
import { EXPOSED, isListField } from '../http/fields.js'

/** What `@hono/node-server` hands an application on Node, `HttpBindings`, as far as fields need it. */
interface NodeBindings {
  readonly outgoing?: NodeResponse
}

/** The response that it will write, of HTTP/1.1 or 2. */
interface NodeResponse {
  readonly headersSent: boolean
  getHeader(name: string): unknown
  setHeader(name: string, value: string): unknown
}

/**
 * Puts the fields of an answer on Node's own response, where Hono runs on that, and returns those that are left for the
 * answer itself: all of them elsewhere. Node's server writes an answer as Hono made it without a `Headers` for it, and a
 * single field put there costs that, three times what it does here. What the answer itself says replaces what is here: so
 * the fields of a refusal stay with it but for those that several limits share, and so do all where others have their say
 * in one.
 */
export function tellNode(bindings: unknown, { kind, fields }: Answer): readonly Field[] {
  const response = responseOf(bindings)
  if (response === undefined || fields.some(([name]) => name === EXPOSED)) return fields

  const left: Field[] = []
  for (const [name, value] of fields) {
    if (isListField(name)) {
      const told = response.getHeader(name)
      response.setHeader(name, told === undefined ? value : `${told}, ${value}`)
    } else if (kind === 'pass') response.setHeader(name, value)
    else left.push([name, value])
  }
  return left
}

/** A runtime's bindings are named by whoever deploys: one that happens to be called so is no response. */
function responseOf(bindings: unknown): NodeResponse | undefined {
  const { outgoing } = (bindings ?? {}) as NodeBindings
  return typeof outgoing?.setHeader === 'function' && !outgoing.headersSent ? outgoing : undefined
}
