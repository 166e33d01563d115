/** A server with one of the handlers: `NAME`. */
import { serveOneOf } from '../lib/handler-server.js'
import { HANDLERS } from './handlers.js'

serveOneOf(HANDLERS)
