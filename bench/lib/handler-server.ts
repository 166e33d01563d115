import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerQuestions } from './worker.js'

/** Makes what a server does with a request. */
export type MakeHandler = () => RequestListener | Promise<RequestListener>

/** Is a server with one of these handlers, by the name that the process was called with: answers the question `port`. */
export function serveOneOf(handlers: Readonly<Record<string, MakeHandler>>): void {
  const name = process.argv[2] ?? ''
  answerQuestions({
    async port() {
      const makeHandler = handlers[name]
      if (makeHandler === undefined) throw new RangeError(`no handler ${name}`)
      const server = createServer(await makeHandler()).listen(0, '127.0.0.1')
      await once(server, 'listening')
      return (server.address() as AddressInfo).port
    },
  })
}
