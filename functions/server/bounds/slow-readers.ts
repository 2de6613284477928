/** Cuts off readers that leave their answers in the server's memory. */
import type { Server, ServerResponse } from "node:http"
import type { Socket } from "node:net"
import type { Report } from "../../http/logs/log-line.ts"
import type { ServerBounds } from "./bounds.ts"
import { decideSlowReaders, type Reader } from "./decide-slow-readers.ts"

export interface SlowReaders {
  stop(): void
}

export interface SlowReadersOptions {
  readonly bounds: ServerBounds
  /** What the server emits for a connection on which requests may come. */
  readonly connectionEvent: "connection" | "secureConnection"
  /** Told when readers were cut off. */
  readonly report: Report
}

/** Between two looks. */
const LOOK_EVERY_MS = 1_000

/** Answers of that size are counted when they are sent; smaller ones wait for the next look. */
const LARGE = 256 * 1024

interface Progress {
  taken: number
  since: number
}

export function cutSlowReaders(server: Server, { bounds, connectionEvent, report }: SlowReadersOptions): SlowReaders {
  const connections = new Map<Socket, Progress>()
  let sentSinceLook = 0
  const look = () => {
    sentSinceLook = 0
    const slow = decideSlowReaders(readersOf(connections, performance.now()), bounds)
    for (const { socket } of slow) socket.destroy()
    if (slow.length > 0) report({ level: "warn", event: "slow_readers_cut_off", readers: slow.length })
  }
  server.on(connectionEvent, (socket: Socket) => {
    connections.set(socket, { taken: 0, since: performance.now() })
    socket.once("close", () => connections.delete(socket))
  })
  server.on("request", ({ socket }, response: ServerResponse) => {
    response.once("prefinish", () => {
      if (socket.writableLength < LARGE) return
      // A second is long enough to fill the memory: many large answers at once are looked at when they are sent.
      sentSinceLook += socket.writableLength
      if (sentSinceLook > bounds.maxUnsentBytes / 4) look()
    })
  })
  const timer = setInterval(look, LOOK_EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

function readersOf(connections: ReadonlyMap<Socket, Progress>, now: number): readonly (Reader & { socket: Socket })[] {
  const readers: (Reader & { socket: Socket })[] = []
  for (const [socket, progress] of connections) {
    const unsent = socket.writableLength
    const taken = socket.bytesWritten - unsent
    if (unsent === 0 || taken !== progress.taken) {
      progress.taken = taken
      progress.since = now
    }
    if (unsent > 0) readers.push({ socket, unsent, idleMs: now - progress.since })
  }
  return readers
}
