/** A front door as AWS has them: HTTP requests become events, what the handler gives becomes the answer. */
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import type { GatewayEvent, HttpEvent, RestEvent } from "../../functions/lambda/events.ts"
import type { GatewayHandler } from "../../functions/lambda/gateway-handler.ts"

export interface Gateway {
  readonly url: string
  close(): Promise<void>
}

/** Lambda's quota for an event and for an answer, bytes. */
const PAYLOAD_BYTES = 6_291_456
const TIME_OUT_MS = 29_000

export type PayloadFormat = "1.0" | "2.0"

export async function startGateway(handler: GatewayHandler, format: PayloadFormat): Promise<Gateway> {
  const server = createServer(async (request, response) => {
    const event = await eventOf(request, format)
    const json = JSON.stringify(event)
    if (Buffer.byteLength(json) > PAYLOAD_BYTES) {
      response.writeHead(413).end('{"message":"Request Too Long"}')
      return
    }
    const deadline = Date.now() + TIME_OUT_MS
    const context = { awsRequestId: crypto.randomUUID(), getRemainingTimeInMillis: () => deadline - Date.now() }
    const { statusCode, headers, body, isBase64Encoded, ...others } = await handler(JSON.parse(json), context)
    const size = Buffer.byteLength(JSON.stringify({ statusCode, headers, body, isBase64Encoded, ...others }))
    if (size > PAYLOAD_BYTES || Object.keys(others).length > 0) {
      response.writeHead(502).end('{"message":"Internal server error"}')
      return
    }
    response.writeHead(statusCode, headers).end(Buffer.from(body, isBase64Encoded ? "base64" : "utf8"))
  })
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => void server.close(() => resolve()))
    },
  }
}

async function eventOf(request: IncomingMessage, format: PayloadFormat): Promise<GatewayEvent> {
  const bytes = Buffer.concat(await request.toArray())
  const [path = "/", search = ""] = (request.url ?? "/").split(/\?(.*)/s)
  const body = bodyOf(bytes, request.headers["content-type"])
  return format === "2.0" ? httpEvent(request, path, search, body) : restEvent(request, path, search, body)
}

type EventBody = Pick<HttpEvent, "body" | "isBase64Encoded">

/** Text of known types goes as it is, everything else as base64. */
function bodyOf(bytes: Buffer, type = ""): EventBody {
  if (bytes.length === 0) return { isBase64Encoded: false }
  const text = /^(text\/|application\/(json|javascript|xml))/i.test(type) ? utf8(bytes) : undefined
  return text === undefined
    ? { body: bytes.toString("base64"), isBase64Encoded: true }
    : { body: text, isBase64Encoded: false }
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function httpEvent(request: IncomingMessage, rawPath: string, rawQueryString: string, body: EventBody): HttpEvent {
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(",")] as const)
  return {
    version: "2.0",
    rawPath,
    rawQueryString,
    headers: Object.fromEntries(headers),
    requestContext: { stage: "$default", http: { method: request.method ?? "GET" } },
    ...body,
  }
}

function restEvent(request: IncomingMessage, path: string, search: string, body: EventBody): RestEvent {
  const query = new URLSearchParams(search)
  const names = [...new Set(query.keys())]
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, values ?? []] as const)
  return {
    httpMethod: request.method ?? "GET",
    path,
    multiValueHeaders: Object.fromEntries(headers),
    multiValueQueryStringParameters:
      names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, query.getAll(name)])),
    body: body.body ?? null,
    ...(body.isBase64Encoded !== undefined && { isBase64Encoded: body.isBase64Encoded }),
  }
}
