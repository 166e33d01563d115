import type { Express, RequestHandler } from 'express'
import express from 'express'
import type { Guard } from 'spillway'
import { rateLimit } from 'spillway/express'

/** An application behind a guard. `session` is a session middleware, where identity needs one. */
export function application(guard: Guard, session?: RequestHandler): Express {
  const app = express()
  if (session !== undefined) {
    app.use(session)
    app.post('/login/:user', logIn)
  }
  app.use(
    rateLimit(guard, {
      // `on_blocked`: status and Retry-After are set by then.
      onDenied: (_verdict, _request, response) => {
        response.setHeader('Content-Type', 'text/plain')
        response.end('custom 429 page')
      },
      // `on_auth_error`.
      onIdentityError: (_error, _request, response) => {
        response.setHeader('Content-Type', 'application/json')
        response.end(JSON.stringify({ message: 'Unauthorized access.' }))
      },
    }),
  )
  app.use((request, response) => {
    response.json({ path: request.path })
  })
  return app
}

const logIn: RequestHandler = (request, response) => {
  const { user } = request.params
  Object.assign(request.session, { user, group: user === 'ada' ? 'admin' : 'default' })
  response.sendStatus(204)
}
