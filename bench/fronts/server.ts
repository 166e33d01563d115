/** A server with one of the handlers: `NAME`. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerQuestions } from '../lib/worker.js'
import { HANDLERS } from './handlers.js'

const name = process.argv[2] ?? ''

answerQuestions({
  async port() {
    const makeHandler = HANDLERS[name]
    if (makeHandler === undefined) throw new RangeError(`no handler ${name}`)
    const server = createServer(await makeHandler()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  },
})
