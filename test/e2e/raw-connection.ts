/** A connection that sends bytes as they are, broken ones too, and keeps what comes back. */
import { once } from "node:events"
import { connect, type Socket } from "node:net"

export interface RawConnection {
  readonly socket: Socket
  send(bytes: string | Uint8Array): void
  /** Stops taking what the server sends. */
  stopReading(): void
  /** Everything that has come so far. */
  received(): string
  /** Resolves once `pattern` has come; rejects where the connection ends before. */
  until(pattern: RegExp): Promise<string>
  /** All that came, once the server has closed the connection. */
  ended(): Promise<string>
  close(): void
}

export async function rawConnection(port: number): Promise<RawConnection> {
  const socket = connect(port, "127.0.0.1")
  const chunks: Buffer[] = []
  socket.on("data", (chunk: Buffer) => chunks.push(chunk))
  // A reset is one of the ends that are looked for.
  socket.on("error", () => {})
  // Not `once`, which rejects on a reset.
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()))
  await once(socket, "connect")
  const received = () => Buffer.concat(chunks).toString("latin1")
  return {
    socket,
    send: (bytes) => void (socket.writable && socket.write(bytes)),
    stopReading: () => socket.pause(),
    received,
    until: async (pattern) => {
      while (!pattern.test(received())) {
        if (socket.closed) throw new Error(`the connection ended without ${pattern}: ${received()}`)
        await Promise.race([new Promise((resolve) => socket.once("data", resolve)), closed])
      }
      return received()
    },
    ended: async () => {
      await closed
      return received()
    },
    close: () => socket.destroy(),
  }
}
