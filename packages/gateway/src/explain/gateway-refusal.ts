import { METHODS } from 'node:http'
import type { Policy, RequestDescription } from 'spillway'
import type { Explanation } from 'spillway/explain'
import { headFault } from '../serve/head-fault.js'
import { identifyingHeaders } from '../serve/identifying-headers.js'

/**
 * What a gateway answers before any rule is asked, of a request that could be read in two ways or has a method that it does
 * not serve. Absent where the rules decide, and of a policy for middleware, which has no `upstream`.
 */
export function gatewayRefusal(
  policy: Policy,
  request: RequestDescription,
  headerLines: readonly string[],
): Explanation | undefined {
  if (policy.gateway.upstream === undefined) return undefined
  const { method } = request
  if (method === 'CONNECT') return refusal(method, 405, 'CONNECT is not served here.')
  if (!METHODS.includes(method)) return refusal(method, 400, unknownMethod(method))

  const rawHeaders = headerLines.flatMap((line) => [line.slice(0, line.indexOf(':')), ''])
  const headers = { host: 'spillway', 'transfer-encoding': request.header('transfer-encoding') }
  const fault = headFault({ httpVersion: '1.1', rawHeaders, headers }, identifyingHeaders(policy).single)
  return fault === undefined ? undefined : refusal(method, 400, fault)
}

function unknownMethod(method: string): string {
  const upper = method.toUpperCase()
  const meant = METHODS.includes(upper) ? `, and this is not ${upper}` : ''
  return `There is no such method: methods are told apart by letter case${meant}.`
}

function refusal(method: string, status: number, because: string): Explanation {
  const fields = [
    ['Cache-Control', 'no-store'],
    ['Content-Type', 'application/problem+json'],
  ] as const
  return {
    method,
    preflight: false,
    sources: [],
    layers: [],
    verdict: { kind: 'malformed', because },
    answer: { kind: 'refuse', status, fields },
  }
}
