import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installMissing, isInstalled } from '../../test/support/debian-package.js'
import { endProcess } from '../../test/support/end-process.js'
import { freePort } from '../../test/support/free-port.js'
import { until } from '../../test/support/until.js'
import type { Server } from '../lib/server-rounds.js'

const HOST = '127.0.0.1'

/** Starts nginx with `limit_req` and one worker. Rejects where it is neither installed nor to be had. */
export async function startNginx(name: string, upstream: string): Promise<Server> {
  installMissing('nginx', 'nginx')
  if (!isInstalled('nginx')) throw new Error('not installed: install the package nginx, and run this again')
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-'))
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration(port, new URL(upstream).host, folder))
  const nginx = spawn('nginx', ['-c', file, '-p', folder, '-e', join(folder, 'error.log')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const stop = async () => {
    await endProcess(nginx)
    rmSync(folder, { recursive: true })
  }
  try {
    await until('nginx listens', () => isListening(port))
  } catch (error) {
    await stop()
    throw error
  }
  return { name, pid: nginx.pid ?? 0, port, stop }
}

function configuration(port: number, upstream: string, folder: string): string {
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  ${places.map((place) => `${place}_temp_path ${folder}/${place};`).join('\n  ')}
  keepalive_requests 1000000000;
  limit_req_zone $http_x_api_key zone=clients:10m rate=1000000r/s;
  upstream service { server ${upstream}; keepalive 64; keepalive_requests 1000000000; }
  server {
    listen ${HOST}:${port};
    location / {
      limit_req zone=clients burst=1000000 nodelay;
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, HOST)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
