/** `npm start`: the gateway on the quickstart's policy, in front of an upstream of its own, until Ctrl-C. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { townsAndForests } from '../examples/quickstart/upstream.js'

const HOST = '127.0.0.1'
const CLI = fileURLToPath(new URL('../packages/gateway/bin/spillway.js', import.meta.url))
const POLICY = fileURLToPath(new URL('../examples/quickstart/spillway.yaml', import.meta.url))
const LISTENING = /^spillway listening on (\S+)$/

function parsePort(): number {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '8080' } } })
  const port = Number(values.port)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  return giveUp(`"${values.port}" is not a port: npm start -- --port 8081, or --port 0 for any that is free.`)
}

function giveUp(reason: string): never {
  console.error(reason)
  process.exit(1)
}

/** Whether the port could be listened on just now. */
async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, HOST)
  try {
    await once(probe, 'listening')
    return true
  } catch {
    return false
  } finally {
    probe.close()
  }
}

function invite(address: string): void {
  console.log(`
Spillway is at ${address}. Try, in another terminal:

  curl -i ${address}/towns                                  # passes, once a second
  curl -i ${address}/forests                                # passes once a minute: the second call is refused
  curl -i -H 'x-api-key: key-of-the-admin' ${address}/forests   # passes every time

The rules are in examples/quickstart/spillway.yaml. Ctrl-C stops it.
`)
}

function startGateway(port: number, upstream: string): ChildProcess {
  const gateway = spawn(process.execPath, [CLI, 'serve', POLICY, '--port', String(port)], {
    env: { ...process.env, UPSTREAM: upstream },
    // Ctrl-C reaches it through this process alone, and so once: a second signal would end it in the middle of a request.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  createInterface({ input: gateway.stdout }).on('line', (line) => {
    const address = LISTENING.exec(line)?.[1]
    if (address === undefined) console.log(line)
    else invite(address)
  })
  return gateway
}

const port = parsePort()
if (port !== 0 && !(await isFree(port))) {
  giveUp(`Port ${port} is in use. Choose another: npm start -- --port 8081, or --port 0 for any that is free.`)
}

const upstream = townsAndForests().listen(0, HOST)
await once(upstream, 'listening')
const gateway = startGateway(port, `http://${HOST}:${(upstream.address() as AddressInfo).port}`)

let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (!stopping) gateway.kill('SIGTERM')
    stopping = true
  })
}

const [code] = await once(gateway, 'exit')
upstream.close()
upstream.closeAllConnections()
process.exitCode = code ?? 1
