import type { Socket } from 'node:net'

type Done = (error?: Error | null) => void

/**
 * Node gives a connection up with the first write that fails, and what has come on it stays unread: the answer of an
 * upstream that takes no more of an upload. From here on a write fails no sooner than everything that has come is read.
 */
export function readToTheEnd(socket: Socket): Socket {
  const { _write, _writev } = socket
  const afterReading =
    (done: Done): Done =>
    (error) => {
      if (!error || socket.readableEnded) done(error)
      else socket.once('end', () => done(error))
    }

  socket._write = (chunk, encoding, done) => _write.call(socket, chunk, encoding, afterReading(done))
  if (_writev) socket._writev = (chunks, done) => _writev.call(socket, chunks, afterReading(done))
  return socket
}
