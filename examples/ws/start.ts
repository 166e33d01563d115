/**
 * A chat over WebSocket: `npx tsx examples/ws/start.ts`, then `npx wscat -c ws://127.0.0.1:3000`. A client opens five
 * connections a minute, a connection sends three messages in ten seconds: what is more is dropped, and said so.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { limitConnections, limitMessages } from 'spillway/ws'
import { WebSocket, WebSocketServer } from 'ws'

const server = createServer()
const connections = limitConnections('5/minute', { name: 'connections' })
const messages = limitMessages<WebSocket>('3/10s', {
  onDenied: ({ kind }, socket) => socket.send(`not sent: ${kind}`),
})

const room = new WebSocketServer({ server, verifyClient: connections.verifyClient })
room.on('connection', (socket, request) => {
  const send = messages.ws(socket, request, (data) => {
    for (const each of room.clients) if (each.readyState === WebSocket.OPEN) each.send(String(data))
  })
  socket.on('message', send)
})

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
