/** Bytes on the connections of a server. Node counts those of each socket anyway: they are added up when somebody looks. */
import type { Server, Socket } from "node:net"
import { counter, type Family, gauge } from "../http/metrics/exposition.ts"

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
    return [
      gauge("stratalog_connections", "Open connections.", open.size),
      counter("stratalog_network_receive_bytes_total", "Bytes received, headers included.", received),
      counter("stratalog_network_transmit_bytes_total", "Bytes sent, headers included.", sent),
    ]
  }
}
