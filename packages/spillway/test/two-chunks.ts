import { PassThrough } from 'node:stream'

/** What `/stream` of an application under test answers: `one`, then, after `resume`, `two`. */
export function twoChunks(resume: Promise<void>): PassThrough {
  const stream = new PassThrough()
  stream.write('one')
  void resume.then(() => stream.end('two'))
  return stream
}

/** The same as a stream of the platform. */
export function twoWebChunks(resume: Promise<void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(encoder.encode('one'))
      await resume
      controller.enqueue(encoder.encode('two'))
      controller.close()
    },
  })
}
