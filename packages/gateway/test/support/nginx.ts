import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { freePort } from '../../../spillway/test/redis/redis-process.js'
import { until } from '../../../spillway/test/redis/until.js'
import { temporaryFolder } from './folder.js'

/** An nginx in front of an upstream, for the length of a test. */
export interface Nginx {
  readonly url: string
  /** Its logs of what the upstream answered, in nginx's own `combined` format, and as JSON with its variables' names. */
  readonly logs: { readonly combined: string; readonly json: string }
  /** Ends it in order: all is in the logs then. */
  stop(): Promise<void>
}

/** The header field by which a test tells nginx the client's address. */
export const CLIENT = 'X-Client'

/** Starts nginx, which hands targets on as they came, and the client's address in X-Forwarded-For. */
export async function startNginx(upstream: string): Promise<Nginx> {
  const folder = temporaryFolder()
  const port = await freePort()
  const logs = { combined: join(folder, 'combined.log'), json: join(folder, 'json.log') }
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration(port, upstream, folder, logs))
  const nginx = spawn('nginx', ['-c', file, '-p', folder, '-e', join(folder, 'error.log')], { stdio: 'inherit' })
  const ended = once(nginx, 'exit')
  onTestFinished(() => {
    nginx.kill('SIGKILL')
  })

  const url = `http://127.0.0.1:${port}`
  await until('nginx answers', async () => (await fetch(`${url}/up`).catch(() => undefined))?.status === 204)
  return {
    url,
    logs,
    async stop() {
      nginx.kill('SIGQUIT')
      await ended
    },
  }
}

const JSON_LINE =
  '{"msec":"$msec","remote_addr":"$remote_addr","request_method":"$request_method",' +
  '"request_uri":"$request_uri","status":$status}'

function configuration(port: number, upstream: string, folder: string, logs: Nginx['logs']): string {
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
    location = /up {
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
