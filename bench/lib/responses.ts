const HEAD_END = Buffer.from('\r\n\r\n')
const CHUNKED = /\r\ntransfer-encoding: *chunked/i
const LENGTH = /\r\ncontent-length: *(\d+)/i

/** Reads HTTP/1.1 responses off one connection, and calls `done` with the status of each that is complete. */
export function responseReader(done: (status: number) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (true) {
      const end = endOfResponse(rest)
      if (end === undefined || end > rest.length) return
      const status = Number(rest.toString('latin1', 9, 12))
      rest = rest.subarray(end)
      done(status)
    }
  }
}

/** Where the first response ends; undefined while that cannot be known. */
function endOfResponse(bytes: Buffer): number | undefined {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd === -1) return undefined
  const body = headEnd + HEAD_END.length
  const head = bytes.toString('latin1', 0, headEnd)
  const length = LENGTH.exec(head)?.[1]
  if (length !== undefined) return body + Number(length)
  return CHUNKED.test(head) ? endOfChunks(bytes, body) : body
}

function endOfChunks(bytes: Buffer, body: number): number | undefined {
  for (let at = body; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    at = lineEnd + 2 + size + 2
    if (size === 0) return at
  }
}
