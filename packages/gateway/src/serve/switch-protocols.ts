import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Field } from 'spillway'
import { clientHeaders, joinedField } from './client-headers.js'
import { headText } from './head-text.js'

/** The status of the answer that changes protocols, which no `ServerResponse` sends (RFC 9110, 15.2.2). */
export const SWITCHING_PROTOCOLS = 101

/** A connection that the upstream has agreed to use for another protocol. */
export interface ProtocolSwitch {
  /** The headers of the upstream's 101, names and values in turn. */
  readonly answer: readonly string[]
  readonly own: readonly Field[]
  /** What the client has asked for, perhaps a list. */
  readonly protocol: string
  /** What the client sent behind its request. */
  readonly head: Buffer
  readonly response: ServerResponse
  readonly client: Socket
  readonly upstream: Duplex
}

/** Tells the client, then passes bytes both ways, each side waiting for the slower one, until either side ends: both close. */
export function switchProtocols(change: ProtocolSwitch): void {
  const { client, upstream } = change
  change.response.detachSocket(client)
  change.response.statusCode = SWITCHING_PROTOCOLS
  // Without its socket it would never say that it is over.
  change.response.emit('close')
  client.write(headOf(change))
  upstream.write(change.head)
  client.setTimeout(0)

  join(client, upstream)
  join(upstream, client)
}

function headOf({ answer, own, protocol }: ProtocolSwitch): string {
  const chosen = joinedField(answer, 'upgrade') ?? protocol
  const headers = [...clientHeaders(SWITCHING_PROTOCOLS, answer, own), 'Connection', 'Upgrade', 'Upgrade', chosen]
  return headText('101 Switching Protocols', headers)
}

function join(from: Duplex, to: Duplex): void {
  from.pipe(to)
  from.on('error', () => from.destroy())
  from.on('end', () => to.once('finish', () => to.destroy()))
  from.on('close', () => {
    if (to.writableEnded) to.once('finish', () => to.destroy())
    else to.end(() => to.destroy())
  })
}
