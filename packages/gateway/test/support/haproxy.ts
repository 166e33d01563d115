import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LoggingServer } from './logging-server.js'
import { CLIENT, UP } from './logging-server.js'

/** A HAProxy that hands targets on as they came, and prints a line of `option httplog` for each request. */
export const HAPROXY: LoggingServer = {
  program: 'haproxy',
  debianPackage: 'haproxy',
  isHandedOn: (line) => line.includes(' gateway/gateway '),
  stop: 'SIGUSR1',
  configure({ port, folder, upstream }) {
    const file = join(folder, 'haproxy.cfg')
    writeFileSync(
      file,
      `
global
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  timeout client 10s
  timeout connect 10s
  timeout server 10s
frontend front
  bind 127.0.0.1:${port}
  http-request set-log-level silent if { path ${UP} }
  http-request return status 204 if { path ${UP} }
  http-request set-src hdr(${CLIENT})
  option forwardfor
  default_backend gateway
backend gateway
  server gateway ${new URL(upstream).host}
`,
    )
    return { args: ['-db', '-f', file], logs: { haproxy: join(folder, 'printed.log') } }
  },
}
