/** Bytes on the connections of a server. Node counts those of each socket anyway: they are added up when somebody looks. */
import type { Server, Socket } from "node:net"
import { type Family, family } from "../http/metrics/exposition.ts"
import { connections, receivedBytes, sentBytes } from "../http/metrics/table/process.ts"

/** `connectionEvent`: what the server emits with the sockets that count. Under TLS the sockets below count nothing. */
export function networkTraffic(server: Server, connectionEvent: string): () => readonly Family[] {
  const open = new Set<Socket>()
  let closedReceived = 0
  let closedSent = 0
  server.on(connectionEvent, (socket: Socket) => {
    open.add(socket)
    socket.once("close", () => {
      open.delete(socket)
      closedReceived += socket.bytesRead
      closedSent += socket.bytesWritten
    })
  })
  return () => {
    const received = [...open].reduce((sum, { bytesRead }) => sum + bytesRead, closedReceived)
    const sent = [...open].reduce((sum, { bytesWritten }) => sum + bytesWritten, closedSent)
    return [family(connections, open.size), family(receivedBytes, received), family(sentBytes, sent)]
  }
}
