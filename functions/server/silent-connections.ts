/** Connections that never sent a request: a browser opens them ahead, an aborted fetch leaves them behind. */
import type { Server } from "node:http"
import type { Socket } from "node:net"

export interface SilentConnections {
  /** Node's own `closeIdleConnections` knows only those that have sent a request. */
  close(): void
}

export function silentConnections(server: Server): SilentConnections {
  const silent = new Set<Socket>()
  server.on("connection", (socket: Socket) => {
    silent.add(socket)
    socket.once("close", () => silent.delete(socket))
  })
  server.on("request", (request) => silent.delete(request.socket))
  return {
    close: () => {
      for (const socket of silent) socket.destroy()
    },
  }
}
