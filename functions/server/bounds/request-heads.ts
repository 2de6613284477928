/** What of a request's headers is refused before anything reads them. */
import type { IncomingMessage, ServerResponse } from "node:http"
import { type Problem, problem } from "stratalog/protocol"
import { identified, problemResponse } from "../../http/exchange.ts"
import { sendAnswer } from "../send-answer.ts"
import type { ServerBounds } from "./bounds.ts"

/** Answers a request that has too many headers, two that say who calls, no host or an unknown coding, and tells whether it did. */
export function refuseHead(
  request: IncomingMessage,
  response: ServerResponse,
  bounds: Pick<ServerBounds, "maxHeaders">,
  requestId: () => string,
): boolean {
  const refused = decideHead(request.rawHeaders, bounds.maxHeaders)
  if (refused === undefined) return false
  const id = requestId()
  response.setHeader("connection", "close")
  sendAnswer(request, response, identified(problemResponse(refused), id), id)
  return true
}

/** `rawHeaders`: names and values in turn. */
export function decideHead(rawHeaders: readonly string[], maxHeaders: number): Problem | undefined {
  const count = rawHeaders.length / 2
  if (count > maxHeaders) {
    return problem("headers_too_large", `The request has ${count} headers; at most ${maxHeaders} are taken.`)
  }
  let credentials = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = [rawHeaders[index], rawHeaders[index + 1]]
    if (isNamed(name, "authorization")) credentials++
    else if (isNamed(name, "host") && !URL.canParse(`http://${value}`)) {
      return problem("invalid_request", "This is not a valid HTTP request: the header Host names no host.")
    } else if (isNamed(name, "transfer-encoding") && value.trim().toLowerCase() !== "chunked") {
      return problem("invalid_request", "Transfer-Encoding has to be chunked: other codings are not undone here.")
    }
  }
  // Readers of headers disagree which of two counts.
  if (credentials > 1) return problem("invalid_request", "The header Authorization is there twice; send it once.")
  return undefined
}

function isNamed(header: string, name: string): boolean {
  return header.length === name.length && header.toLowerCase() === name
}
