// A service to protect: answers every request with its method and path.
const { createServer } = require('node:http')

const server = createServer(({ method, url }, response) => {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.end(`${method} ${url}\n`)
})
server.listen(3000, '0.0.0.0')
process.once('SIGTERM', () => server.close())
