import type { Readable, Writable } from 'node:stream'

/**
 * Sends a body behind the head of its request, no faster than the upstream takes it: as it is, or in chunks where its
 * length is not known beforehand. Calls `done` once all is sent; gives what stops it, after which the rest of the body
 * is dropped.
 */
export function sendBody(body: Readable, to: Writable, chunked: boolean, done: () => void): () => void {
  const onData = (data: Buffer) => {
    if (!(chunked ? writeChunk(to, data) : to.write(data))) body.pause()
  }
  const onDrain = () => body.resume()
  const stop = () => {
    body.off('data', onData).off('end', onEnd)
    to.off('drain', onDrain)
    body.resume()
  }
  const onEnd = () => {
    stop()
    if (chunked) to.write('0\r\n\r\n', 'latin1')
    done()
  }

  to.on('drain', onDrain)
  body.on('data', onData).on('end', onEnd)
  return stop
}

function writeChunk(to: Writable, data: Buffer): boolean {
  to.cork()
  to.write(`${data.length.toString(16)}\r\n`, 'latin1')
  to.write(data)
  const flowing = to.write('\r\n', 'latin1')
  to.uncork()
  return flowing
}
