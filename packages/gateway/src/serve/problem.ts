import type { ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import { headText } from './head-text.js'

/** An answer of the gateway's own that says what went wrong (RFC 9457, type `about:blank`). */
export interface Problem {
  readonly status: number
  /** A sentence for the client. Nothing about the inside of the gateway or the upstream. */
  readonly detail: string
}

/** Answers with the problem as a document that nobody caches. The answer must not have begun. */
export function sendProblem(response: ServerResponse, problem: Problem): void {
  const body = problemBody(problem)
  response.writeHead(problem.status, problemHeaders(body))
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

/** The whole answer in bytes, for a connection that has no response object, and closes after it. */
export function problemMessage(problem: Problem): string {
  const body = problemBody(problem)
  const statusLine = `${problem.status} ${STATUS_CODES[problem.status] ?? ''}`
  return headText(statusLine, [...problemHeaders(body), 'Connection', 'close']) + body
}

function problemBody({ status, detail }: Problem): string {
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail })
}

function problemHeaders(body: string): string[] {
  const length = String(Buffer.byteLength(body))
  return ['Content-Type', 'application/problem+json', 'Content-Length', length, 'Cache-Control', 'no-store']
}
