/**
 * Requests that a client sends behind each other without waiting for answers (pipelining) are begun one after the other,
 * as they are answered. Begun together, a packet of a thousand short requests would make a thousand large answers.
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Socket } from "node:net"

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

export interface OneAtATime {
  readonly answer: Answer
  /** What is being answered on a connection now. */
  current(socket: Socket): Exchange | undefined
}

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** So many wait on a connection before no more is read from it. */
const READ_AHEAD = 16

interface Line {
  current: Exchange | undefined
  readonly waiting: Exchange[]
}

export function oneAtATime(answer: Answer): OneAtATime {
  const lines = new WeakMap<Socket, Line>()
  const begin = (socket: Socket, line: Line, exchange: Exchange) => {
    line.current = exchange
    exchange.response.once("close", () => {
      line.current = undefined
      // What lies behind an answer that ends its connection is not to be believed.
      if (exchange.response.getHeader("connection") === "close") line.waiting.length = 0
      const next = line.waiting.shift()
      if (line.waiting.length === 0 && socket.isPaused()) socket.resume()
      // Of a connection that is gone nothing more is begun.
      if (next !== undefined && !socket.destroyed) begin(socket, line, next)
    })
    answer(exchange.request, exchange.response)
  }
  return {
    current: (socket) => lines.get(socket)?.current,
    answer: (request, response) => {
      const { socket } = request
      let line = lines.get(socket)
      if (line === undefined) {
        line = { current: undefined, waiting: [] }
        lines.set(socket, line)
      }
      const exchange = { request, response }
      if (line.current === undefined) return begin(socket, line, exchange)
      if (line.waiting.push(exchange) >= READ_AHEAD) queueMicrotask(() => pause(socket, line))
    },
  }
}

/** Called when the packet is taken in: Node goes on reading behind each request of it. */
function pause(socket: Socket, { waiting }: Line): void {
  if (waiting.length >= READ_AHEAD) socket.pause()
}
