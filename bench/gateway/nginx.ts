import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Server } from '../lib/server-rounds.js'
import { stopProcess } from './process.js'

const HOST = '127.0.0.1'
const UNPACKED = fileURLToPath(new URL('../dist/nginx', import.meta.url))

/**
 * Starts nginx with `limit_req` and one worker. Takes the one that is installed, else unpacks Debian's package beside the
 * bench, which needs no rights. Rejects where neither is there.
 */
export async function startNginx(upstream: string): Promise<Server> {
  const program = findNginx()
  const directory = mkdtempSync(join(tmpdir(), 'spillway-bench-'))
  const port = await freePort()
  const path = join(directory, 'nginx.conf')
  writeFileSync(path, configuration(port, new URL(upstream).host, directory))
  const nginx = spawn(program, ['-c', path, '-p', directory, '-e', join(directory, 'error.log')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await untilListening(port)
  const stop = async () => {
    await stopProcess(nginx)
    rmSync(directory, { recursive: true })
  }
  return { name: 'nginx with limit_req', pid: nginx.pid ?? 0, port, stop }
}

function findNginx(): string {
  for (const program of ['/usr/sbin/nginx', '/usr/local/sbin/nginx', join(UNPACKED, 'usr/sbin/nginx')]) {
    if (existsSync(program)) return program
  }
  mkdirSync(UNPACKED, { recursive: true })
  try {
    execFileSync('apt-get', ['download', 'nginx'], { cwd: UNPACKED, stdio: 'ignore' })
    const archive = readdirSync(UNPACKED).find((file) => file.endsWith('.deb')) ?? ''
    execFileSync('dpkg-deb', ['-x', archive, '.'], { cwd: UNPACKED, stdio: 'ignore' })
  } catch {
    throw new Error('not installed, and apt-get cannot fetch it: install nginx, and run this again')
  }
  return join(UNPACKED, 'usr/sbin/nginx')
}

function configuration(port: number, upstream: string, directory: string): string {
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  ${places.map((place) => `${place}_temp_path ${directory}/${place};`).join('\n  ')}
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

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, HOST)
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  return port
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, HOST)
    try {
      await once(socket, 'connect')
      return
    } catch {
      await sleep(50)
    } finally {
      socket.destroy()
    }
  }
  throw new Error('nginx does not listen')
}
