import type { Problem } from './problem.js'

/** Why there is no whole answer from the upstream. A small closed set: it is a label of a metric. */
export type UpstreamFault = 'timeout' | 'refused' | 'reset' | 'tls' | 'protocol' | 'request' | 'other'

const FAULTS: ReadonlyMap<string, UpstreamFault> = new Map([
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['ETIMEDOUT', 'timeout'],
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'refused'],
  ['ENETUNREACH', 'refused'],
  ['ENOTFOUND', 'refused'],
  ['EAI_AGAIN', 'refused'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['EPROTO', 'tls'],
  ['UND_ERR_HEADERS_OVERFLOW', 'protocol'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'protocol'],
  ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'request'],
  ['UND_ERR_INVALID_ARG', 'request'],
  ['UND_ERR_NOT_SUPPORTED', 'request'],
])

/** Tells from an error's code what went wrong. */
export function upstreamFault(error: Error & { readonly code?: unknown }): UpstreamFault {
  const code = String(error.code)
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)) return 'tls'
  if (code.startsWith('HPE_')) return 'protocol'
  return FAULTS.get(code) ?? 'other'
}

/** What the client is told of it. */
export function faultProblem(fault: UpstreamFault): Problem {
  switch (fault) {
    case 'timeout':
      return { status: 504, detail: 'The upstream did not answer in time.' }
    case 'request':
      return { status: 400, detail: 'The request cannot be forwarded: its target or a header is malformed.' }
    case 'refused':
    case 'reset':
    case 'tls':
    case 'protocol':
    case 'other':
      return { status: 502, detail: 'The upstream gave no proper answer.' }
  }
}
