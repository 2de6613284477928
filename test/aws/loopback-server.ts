/** An HTTP server of a test: on a free port of this machine alone. */
import { once } from "node:events"
import type { Server } from "node:http"

export interface LoopbackServer {
  /** Such as http://127.0.0.1:40123. */
  readonly endpoint: string
  /** Ends its connections, too. */
  stop(): Promise<void>
}

export async function listenOnLoopback(server: Server): Promise<LoopbackServer> {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  const stop = async () => {
    const closed = once(server, "close")
    server.close()
    server.closeAllConnections()
    await closed
  }
  return { endpoint: `http://127.0.0.1:${address.port}`, stop }
}
