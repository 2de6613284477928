/** What Node refuses before there is a request gets an answer of the API's kind, too. */
import type { Server } from "node:http"
import type { Socket } from "node:net"
import { RequestError } from "@hono/node-server"
import { type ErrorCode, errorKinds, limits, PROBLEM_TYPE, problem } from "stratalog/protocol"
import type { OneAtATime } from "./one-at-a-time.ts"

const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: "headers_too_large",
  ERR_HTTP_REQUEST_TIMEOUT: "request_timeout",
}

const DETAILS: Readonly<Partial<Record<ErrorCode, string>>> = {
  headers_too_large: `The request's line and headers are larger than ${limits.maxHeaderBytes} bytes.`,
  request_timeout: "The request did not arrive whole in time.",
}

/** A caller may take so long to read why it was refused: closed at once, the answer may be lost under what it still sends. */
const LINGER_MS = 1_000

export function refuseBrokenRequests(server: Server, exchanges: Pick<OneAtATime, "current">): void {
  const refused = new WeakSet<Socket>()
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    if (refused.has(socket)) return
    if (!isOfHttp(error) || !socket.writable) {
      socket.destroy()
      return
    }
    refused.add(socket)
    const current = exchanges.current(socket)
    // What is broken lies behind a request that is being answered: another text in its answer would break that, too.
    if (current !== undefined && (current.request.complete || current.response.headersSent)) {
      current.response.once("close", () => endOnceAnswered(socket, exchanges))
      return
    }
    socket.end(refusalOf(error))
    setTimeout(() => socket.destroy(), LINGER_MS).unref()
  })
}

/** Those that came whole before it are answered; of one that did not, the rest never comes. */
function endOnceAnswered(socket: Socket, exchanges: Pick<OneAtATime, "current">): void {
  const current = exchanges.current(socket)
  if (current === undefined || !current.request.complete) socket.destroy()
  else current.response.once("close", () => endOnceAnswered(socket, exchanges))
}

/** Of a connection that is gone, or that never became one of TLS, nobody can be told. */
function isOfHttp({ code = "" }: NodeJS.ErrnoException): boolean {
  return code.startsWith("HPE_") || code.startsWith("ERR_HTTP_")
}

function refusalOf(error: NodeJS.ErrnoException): string {
  const code = CODES[error.code ?? ""] ?? "invalid_request"
  const body = JSON.stringify(problem(code, DETAILS[code] ?? `This is not a valid HTTP request: ${error.message}.`))
  const { status, title } = errorKinds[code]
  return `HTTP/1.1 ${status} ${title}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`
}

/** The same for what is a request to Node but none to the web: no or no valid Host, a path that is no path. */
export function answerBrokenRequest(error: unknown): Response {
  const body =
    error instanceof RequestError
      ? problem("invalid_request", `This is not a valid HTTP request: ${error.message}.`)
      : problem("internal_error", "The server made a mistake before it knew what the request was.")
  return Response.json(body, { status: body.status, headers: { "content-type": PROBLEM_TYPE } })
}
