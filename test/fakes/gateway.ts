/** A front door as AWS has them: HTTP requests become events, what the handler gives becomes the answer. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { GatewayAnswer } from "../../functions/lambda/events.ts"
import { type Door, FORBIDDEN, type Refused } from "./front-doors/doors.ts"
import type { Received } from "./front-doors/events.ts"

export interface Gateway {
  readonly url: string
  close(): Promise<void>
}

/** Lambda's quota for an event and for an answer, bytes. */
const PAYLOAD_BYTES = 6_291_456
/** API Gateway's, for a body. */
const BODY_BYTES = 10 * 1024 * 1024
/** API Gateway's, for the request line and the headers, and for the headers of an answer. */
const HEADER_BYTES = 10_240
const TIME_OUT_MS = 29_000

export async function startGateway(door: Door): Promise<Gateway> {
  const server = createServer({ maxHeaderSize: 64 * 1024 }, (request, response) => void serve(door, request, response))
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${door.prefix}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => void server.close(() => resolve()))
    },
  }
}

async function serve(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const received = await receive(door, request)
  if (received === undefined) return send(response, FORBIDDEN)
  const refused = refuse(received, door)
  if (refused !== undefined) return send(response, refused)
  const json = JSON.stringify(door.event(received))
  if (Buffer.byteLength(json) > PAYLOAD_BYTES) return send(response, TOO_LONG)
  const deadline = Date.now() + TIME_OUT_MS
  const context = { awsRequestId: crypto.randomUUID(), getRemainingTimeInMillis: () => deadline - Date.now() }
  const answer = await door.handler(received)(JSON.parse(json), context)
  if (!isCarried(answer)) return send(response, BROKEN)
  const { statusCode, headers, body, isBase64Encoded } = answer
  response.statusCode = statusCode
  for (const [name, value] of [...Object.entries(headers), ...Object.entries(door.added(received))])
    response.appendHeader(name, value)
  response.end(Buffer.from(body, isBase64Encoded ? "base64" : "utf8"))
}

const TOO_LONG: Refused = { status: 413, body: '{"message":"Request Too Long"}' }
const HEADERS_TOO_LONG: Refused = { status: 431, body: '{"message":"Request Header Fields Too Large"}' }
const BROKEN: Refused = { status: 502, body: '{"message":"Internal server error"}' }

/** Undefined where the address is not this one. */
async function receive({ prefix }: Door, request: IncomingMessage): Promise<Received | undefined> {
  const body = Buffer.concat(await request.toArray())
  const [whole = "/", search = ""] = (request.url ?? "/").split(/\?(.*)/s)
  if (whole !== prefix && !whole.startsWith(`${prefix}/`)) return undefined
  return { request, body, path: whole.slice(prefix.length) || "/", search }
}

function refuse(received: Received, door: Door): Refused | undefined {
  const { request, body } = received
  const headers = request.rawHeaders.join("").length + (request.url ?? "").length
  if (headers > HEADER_BYTES) return HEADERS_TOO_LONG
  if (body.length > BODY_BYTES) return TOO_LONG
  return door.refuse(received)
}

function isCarried({ statusCode, headers, body, isBase64Encoded, ...others }: GatewayAnswer): boolean {
  const size = Buffer.byteLength(JSON.stringify({ statusCode, headers, body, isBase64Encoded }))
  const ofHeaders = Object.entries(headers).flat().join("").length
  return size <= PAYLOAD_BYTES && ofHeaders <= HEADER_BYTES && Object.keys(others).length === 0
}

function send(response: ServerResponse, { status, headers, body }: Refused): void {
  response.writeHead(status, headers).end(body)
}
