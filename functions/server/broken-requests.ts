/** What Node refuses before there is a request gets an answer of the API's kind, too. */
import type { Server } from "node:http"
import { RequestError } from "@hono/node-server"
import { type ErrorCode, errorKinds, PROBLEM_TYPE, problem } from "stratalog/protocol"

const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: "headers_too_large",
  ERR_HTTP_REQUEST_TIMEOUT: "request_timeout",
}

const DETAILS: Readonly<Partial<Record<ErrorCode, string>>> = {
  headers_too_large: "The request's headers are larger than 16 KiB.",
  request_timeout: "The request did not arrive whole in time.",
}

export function refuseBrokenRequests(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy()
      return
    }
    const code = CODES[error.code ?? ""] ?? "invalid_request"
    const body = JSON.stringify(problem(code, DETAILS[code] ?? `This is not a valid HTTP request: ${error.message}.`))
    const { status, title } = errorKinds[code]
    socket.end(
      `HTTP/1.1 ${status} ${title}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    )
  })
}

/** The same for what is a request to Node but none to the web: no or no valid Host, a path that is no path. */
export function answerBrokenRequest(error: unknown): Response {
  const body =
    error instanceof RequestError
      ? problem("invalid_request", `This is not a valid HTTP request: ${error.message}.`)
      : problem("internal_error", "The server made a mistake before it knew what the request was.")
  return Response.json(body, { status: body.status, headers: { "content-type": PROBLEM_TYPE } })
}
