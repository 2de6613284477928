/** Connections that never sent a request: a browser opens them ahead, an aborted fetch leaves them behind. */
import type { Server } from "node:http"
import type { Socket } from "node:net"

export interface SilentConnections {
  /** Node's own `closeIdleConnections` knows only those that have sent a request. */
  close(): void
}

export function silentConnections(server: Server): SilentConnections {
  const silent = new Map<string, Socket>()
  server.on("connection", (socket: Socket) => {
    const name = nameOf(socket)
    silent.set(name, socket)
    socket.once("close", () => silent.delete(name))
  })
  server.on("request", (request) => silent.delete(nameOf(request.socket)))
  return {
    close: () => {
      for (const socket of silent.values()) socket.destroy()
    },
  }
}

/** The same for a connection and for the one that TLS makes of it, which are two objects. */
function nameOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`
}
