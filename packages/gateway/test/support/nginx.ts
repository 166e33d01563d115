import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LoggingServer, Logs, Place } from './logging-server.js'
import { CLIENT, UP } from './logging-server.js'

/**
 * An nginx that hands targets on as they came, and logs what the upstream answered: in its own `combined` format, and as
 * JSON with its variables' names.
 */
export const NGINX: LoggingServer = {
  program: 'nginx',
  debianPackage: 'nginx',
  stop: 'SIGQUIT',
  configure(place) {
    const { folder } = place
    const logs = { combined: join(folder, 'combined.log'), json: join(folder, 'json.log') }
    const file = join(folder, 'nginx.conf')
    writeFileSync(file, configuration(place, logs))
    return { args: ['-c', file, '-p', folder, '-e', join(folder, 'error.log')], logs }
  },
}

const JSON_LINE =
  '{"msec":"$msec","remote_addr":"$remote_addr","request_method":"$request_method",' +
  '"request_uri":"$request_uri","status":$status}'

function configuration({ port, folder, upstream }: Place, logs: Logs): string {
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
events { worker_connections 64; }
http {
  ${places.map((place) => `${place}_temp_path ${folder}/${place};`).join('\n  ')}
  log_format json escape=json '${JSON_LINE}';
  access_log ${logs.combined} combined if=$upstream_status;
  access_log ${logs.json} json if=$upstream_status;
  set_real_ip_from 127.0.0.1;
  real_ip_header ${CLIENT};
  server {
    listen 127.0.0.1:${port};
    location = ${UP} {
      return 204;
    }
    location / {
      proxy_pass ${upstream};
      proxy_set_header X-Forwarded-For $remote_addr;
    }
  }
}
`
}
