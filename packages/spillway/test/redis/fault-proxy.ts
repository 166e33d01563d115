import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { afterAll } from 'vitest'

/** A TCP proxy in front of a server, that does to its replies what networks do. */
export interface FaultProxy {
  readonly port: number
  readonly url: string
  /** How many connections it has reset. */
  readonly resets: number
  /** Every reply comes so many milliseconds late. */
  delayReplies(milliseconds: number): void
  /** No reply comes through, and none ever on the connections of this time, though they stay open. */
  silence(): void
  /** Each such reply to a script is lost, and its connection reset: the script has run. */
  resetOneIn(replies: number): void
  /** Replies go through again. */
  heal(): void
}

type Fault =
  | { readonly kind: 'none' | 'silence' }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  | { readonly kind: 'reset'; readonly oneIn: number }

const open = new Set<() => void>()

afterAll(() => {
  for (const close of open) close()
  open.clear()
})

/** Starts a proxy to a port of 127.0.0.1, which is closed when the tests of the file end. */
export async function faultProxy(target: number): Promise<FaultProxy> {
  let fault: Fault = { kind: 'none' }
  let replies = 0
  let resets = 0
  const links = new Set<Link>()

  function onReply(link: Link, reply: Buffer): void {
    switch (fault.kind) {
      case 'none':
        link.deliver(reply)
        break
      case 'silence':
        link.silent = true
        break
      case 'delay':
        setTimeout(() => link.deliver(reply), fault.milliseconds)
        break
      case 'reset':
        if (link.ranScript && ++replies % fault.oneIn === 0) {
          resets++
          link.reset()
        } else link.deliver(reply)
    }
  }

  const server = createServer((client) => {
    const link = linked(client, target, onReply)
    links.add(link)
    client.once('close', () => links.delete(link))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.add(() => {
    server.close()
    for (const link of links) link.reset()
  })
  const { port } = server.address() as AddressInfo

  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get resets() {
      return resets
    },
    delayReplies(milliseconds) {
      fault = { kind: 'delay', milliseconds }
    },
    silence() {
      fault = { kind: 'silence' }
    },
    resetOneIn(oneIn) {
      fault = { kind: 'reset', oneIn }
    },
    heal() {
      fault = { kind: 'none' }
    },
  }
}

/** One connection of a client, and the one to the server that belongs to it. */
interface Link {
  silent: boolean
  /** Whether the last request was a script: the replies of a client's greeting are not to be lost. */
  readonly ranScript: boolean
  deliver(reply: Buffer): void
  reset(): void
}

function linked(client: Socket, target: number, onReply: (link: Link, reply: Buffer) => void): Link {
  const server = connect(target, '127.0.0.1')
  let ranScript = false
  const link: Link = {
    silent: false,
    get ranScript() {
      return ranScript
    },
    deliver(reply) {
      if (!link.silent) client.write(reply)
    },
    reset() {
      client.resetAndDestroy()
      server.destroy()
    },
  }
  client.on('data', (request) => {
    ranScript = request.includes('EVAL')
    server.write(request)
  })
  server.on('data', (reply) => onReply(link, reply))
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
  return link
}
